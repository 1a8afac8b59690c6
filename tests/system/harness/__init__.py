"""What the system tests stand on: real processes on loopback, and clients and servers that keep every byte."""
