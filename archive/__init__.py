"""The archive: catalogue, storage of files, packages in and out, who may see what."""
