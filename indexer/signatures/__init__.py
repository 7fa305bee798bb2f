"""Digital signatures of delivered files, judged on the way in; the files themselves are never changed."""
