"""What tests of several folders share: real servers, real databases, callers with real tokens."""
