"""Packages of TT 05/2025/TT-BNV: SIP and AIP of files and of loose documents, after E-ARK CSIP 2.0.4."""
