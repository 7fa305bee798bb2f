"""Messages from document-management systems: edXML (QCVN 102:2016/BTTTT) and the metadata of NĐ 30/2020, Annex VI."""
