"""A client of MQTT 3.1.1 that stays connected, and acknowledges what comes."""
import os
import socket
import struct
import threading


def connect(client_id):
    """Connects and returns the socket, which keeps the connection for as long as it lives."""
    sock = socket.create_connection(("127.0.0.1", int(os.environ["IOTOPS_MQTT_PORT"])))
    body = b"\x00\x04MQTT\x04\x02\x04\xb0" + struct.pack(">H", len(client_id)) + client_id.encode()
    sock.sendall(bytes([0x10, len(body)]) + body)
    assert sock.recv(4)[:1] == b"\x20"
    subscription = b"\x00\x01\x00\x04walk\x01"
    sock.sendall(bytes([0x82, len(subscription)]) + subscription)
    assert sock.recv(5)[:1] == b"\x90"
    threading.Thread(target=acknowledge, args=(sock,), daemon=True).start()
    return sock


def acknowledge(sock):
    stream = sock.makefile("rb")
    while head := stream.read(2):
        length, shift = head[1] & 0x7F, 7
        last = head[1]
        while last & 0x80:
            last = stream.read(1)[0]
            length |= (last & 0x7F) << shift
            shift += 7
        body = stream.read(length)
        if head[0] >> 4 == 3 and head[0] & 0x06:
            topic = struct.unpack(">H", body[:2])[0]
            sock.sendall(b"\x40\x02" + body[2 + topic : 4 + topic])
