using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Receiving;

namespace IotOps.Mqtt.Tests.Codec;

/// <summary>What a broker should not send ends in a typed error, whatever it is.</summary>
public sealed class MalformedPacketTests
{
    private const MqttProtocolVersion V5 = MqttProtocolVersion.V5;
    private const MqttProtocolVersion V311 = MqttProtocolVersion.V311;

    public static TheoryData<string, MqttProtocolVersion, byte[]> Wrong => new()
    {
        { "QoS 3", V5, [0x36, 5, 0, 1, 97, 0, 1] },
        { "QoS 2", V5, [0x34, 6, 0, 1, 97, 0, 1, 0] },
        { "QoS 0 and DUP", V5, [0x38, 4, 0, 1, 97, 0] },
        { "packet id 0", V311, [0x32, 5, 0, 1, 97, 0, 0] },
        { "topic longer than the packet", V311, [0x30, 3, 0, 9, 97] },
        { "no topic length", V311, [0x30, 1, 0] },
        { "properties longer than the packet", V5, [0x30, 4, 0, 1, 97, 9] },
        { "a property that PUBLISH has not", V5, [0x30, 9, 0, 1, 97, 5, 0x11, 0, 0, 0, 1] },
        { "a property twice", V5, [0x30, 8, 0, 1, 97, 4, 0x01, 1, 0x01, 1] },
        { "payload format 2", V5, [0x30, 6, 0, 1, 97, 2, 0x01, 2] },
        { "topic alias 0", V5, [0x30, 7, 0, 1, 97, 3, 0x23, 0, 0] },
        { "subscription identifier 0", V5, [0x30, 6, 0, 1, 97, 2, 0x0B, 0] },
        { "a response topic with a wildcard", V5, [0x30, 8, 0, 1, 97, 4, 0x08, 0, 1, 35] },
        { "a length of five bytes", V5, [0x30, 0x80, 0x80, 0x80, 0x80, 1] },
        { "a length that is longer than needed", V5, [0x30, 0x80, 0] },
        { "PUBACK of one byte", V311, [0x40, 1, 0] },
        { "PUBACK that goes on", V311, [0x40, 3, 0, 1, 0] },
        { "PUBACK with flags", V5, [0x41, 2, 0, 1] },
        { "SUBACK that grants QoS 2", V5, [0x90, 4, 0, 1, 0, 2] },
        { "SUBACK with an unknown return code", V311, [0x90, 3, 0, 1, 0x81] },
        { "PINGRESP with a body", V5, [0xD0, 1, 0] },
        { "DISCONNECT in 3.1.1", V311, [0xE0, 0] },
        { "a second CONNACK", V5, [0x20, 3, 0, 0, 0] },
        { "CONNECT", V5, [0x10, 0] },
        { "AUTH", V5, [0xF0, 0] },
        { "type 0", V5, [0, 0] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_connection_ends_with_an_error_that_says_so(string what, MqttProtocolVersion version, byte[] packet)
    {
        var broker = new Fakes.FakeBroker { Jitter = 1 };
        (MqttConnection client, Fakes.FakeLink link) = await broker.ConnectAsync(broker.Options(version));
        await using MqttConnection _ = client;
        await link.SendAsync(packet);
        Fakes.SentPacket[] rest = await link.ReadToEndAsync();
        await Fakes.Eventually.TrueAsync(() => client.State.Status == MqttConnectionStatus.Disconnected);

        client.State.Error!.Reason.ShouldNotBeNull(what);
        client.State.Error.IsTransient.ShouldBeTrue();
        if (version == V5)
        {
            // The broker is told why.
            rest.ShouldHaveSingleItem().Bytes.ShouldBe([0xE0, 1, (byte)client.State.Error.Reason.Value]);
        }
        else
        {
            rest.Length.ShouldBeLessThanOrEqualTo(1);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 3, 2, 0, 0 })]
    [InlineData(new byte[] { 0x20, 2, 0, 0 })]
    [InlineData(new byte[] { 0x20, 6, 0, 0, 3, 0x21, 0, 0 })]
    [InlineData(new byte[] { 0x20, 8, 0, 0, 5, 0x27, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0x20, 3, 1, 0x87, 0 })]
    [InlineData(new byte[] { 0x20, 5, 0, 0, 2, 0x24, 2 })]
    [InlineData(new byte[] { 0xD0, 0 })]
    public void A_CONNACK_is_checked(byte[] packet)
    {
        FrameHeader.TryRead(packet, out FrameHeader header).ShouldBeTrue();

        Should.Throw<MqttException>(() => ConnAckPacket.Read(header, packet.AsSpan(header.HeaderLength), V5)).Reason.ShouldNotBeNull();
    }

    [Fact]
    public void Anything_at_all_is_parsed_or_refused_and_never_read_over() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20_000),
            Prop.ForAll(
                (from first in Gen.Elements<byte>(0x20, 0x30, 0x32, 0x33, 0x3A, 0x40, 0x90, 0xB0, 0xE0)
                 from body in Gen.ArrayOf(Gen.Frequency((3, Gen.Choose(0, 4)), (1, Gen.Choose(0, 255))).Select(i => (byte)i))
                 from v5 in Gen.Elements(true, false)
                 select (first, body, v5)).ToArbitrary(),
                sample =>
                {
                    var header = new FrameHeader(sample.first, 2, sample.body.Length);
                    MqttProtocolVersion version = sample.v5 ? V5 : V311;
                    try
                    {
                        Parse(header, sample.body, version);
                    }
                    catch (MqttException e)
                    {
                        e.Reason.ShouldNotBeNull();
                    }
                }));

    [Fact]
    public void A_packet_in_pieces_is_the_same_packet()
    {
        byte[] packet = Fakes.Packets.Publish("a/b", new string('x', 40_000), id: 7);
        using var buffer = new ReceiveBuffer(1 << 20);
        for (int at = 0; at < packet.Length; at++)
        {
            buffer.TryRead(out _, out _).ShouldBeFalse();
            buffer.Room().Span[0] = packet[at];
            buffer.Add(1);
        }

        buffer.TryRead(out FrameHeader header, out ReadOnlySpan<byte> body).ShouldBeTrue();
        PublishCodec.Read(header, body, V5).Payload.Length.ShouldBe(40_000);
    }

    [Fact]
    public void A_length_alone_reserves_nothing_and_one_too_large_for_what_is_no_message_is_refused()
    {
        using var buffer = new ReceiveBuffer(256 * 1024);
        ((byte[])[0x30, 0xFF, 0xFF, 0x0E]).CopyTo(buffer.Room());
        buffer.Add(4);
        buffer.TryRead(out _, out _).ShouldBeFalse();
        buffer.Room().Length.ShouldBeLessThan(64 * 1024);
        using var other = new ReceiveBuffer(256 * 1024);
        ((byte[])[0x90, 0xFF, 0xFF, 0xFF, 0x7F]).CopyTo(other.Room());
        other.Add(5);

        Should.Throw<MqttException>(() => other.TryRead(out _, out _)).Reason.ShouldBe(MqttReasonCode.PacketTooLarge);
    }

    private static void Parse(FrameHeader header, byte[] body, MqttProtocolVersion version)
    {
        switch (header.Type)
        {
            case PacketType.ConnAck:
                ConnAckPacket.Read(header, body, version);
                break;
            case PacketType.Publish:
                PublishCodec.Read(header, body, version);
                break;
            case PacketType.PubAck:
                PubAckCodec.Read(body, version, out _, out _);
                break;
            case PacketType.Disconnect:
                DisconnectCodec.Read(body, version, out _);
                break;
            default:
                SubscribeCodec.ReadAcknowledgement(header, body, version, out _);
                break;
        }
    }
}
