using FsCheck;
using FsCheck.Fluent;
using IotOps.Emulator.Mqtt.Packets;
using Property = IotOps.Emulator.Mqtt.Packets.Property;

namespace IotOps.Emulator.Tests.Mqtt;

public sealed class CodecTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20_231_001, 1);

    private static readonly Gen<string> Texts = Gen.Elements('a', '/', ' ', '\u00e4', '\u6f22', '+', '$').ListOf().Select(l => string.Concat(l));
    private static readonly Gen<byte[]> Binaries = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();
    private static readonly Gen<ushort> Ids = Gen.Choose(1, ushort.MaxValue).Select(i => (ushort)i);
    private static readonly Gen<bool> Bools = Gen.Elements(true, false);

    private static readonly Gen<Property> PublishProperties = Gen.OneOf(
        Gen.Choose(0, 1).Select(n => new Property(PropertyId.PayloadFormat, (uint)n)),
        Gen.Choose(0, int.MaxValue).Select(n => new Property(PropertyId.MessageExpiry, (uint)n)),
        Gen.Choose(0, ushort.MaxValue).Select(n => new Property(PropertyId.TopicAlias, (uint)n)),
        Gen.Choose(1, 268_435_455).Select(n => new Property(PropertyId.SubscriptionIdentifier, (uint)n)),
        Texts.Select(t => new Property(PropertyId.ContentType, Text: t)),
        Binaries.Select(b => new Property(PropertyId.CorrelationData, Data: b)),
        Texts.SelectMany(_ => Texts, (k, v) => new Property(PropertyId.UserProperty, Text: k, Value: v)));

    private static readonly Gen<PropertyBag> PublishBags = PublishProperties.ListOf()
        .Select(l => new PropertyBag([.. l.GroupBy(p => p.Id).SelectMany(g => g.Key is PropertyId.UserProperty or PropertyId.SubscriptionIdentifier ? g : g.Take(1))]));

    private static readonly Gen<Packet> Publishes =
        from topic in Texts
        from payload in Binaries
        from qos in Gen.Choose(0, 2)
        from retain in Bools
        from duplicate in Bools
        from id in Ids
        from bag in PublishBags
        select (Packet)new PublishPacket(topic, payload)
        {
            QoS = (byte)qos,
            Retain = retain,
            Duplicate = duplicate && qos > 0,
            PacketId = qos > 0 ? id : (ushort)0,
            Properties = bag,
        };

    private static readonly Gen<Packet> Connects =
        from clientId in Texts
        from will in Publishes
        from hasWill in Bools
        from user in Texts
        from password in Binaries
        from clean in Bools
        from keepAlive in Ids
        from expiry in Gen.Choose(0, int.MaxValue)
        select (Packet)new ConnectPacket
        {
            ClientId = clientId,
            CleanStart = clean,
            KeepAliveSeconds = keepAlive,
            UserName = user,
            Password = password,
            Will = hasWill
                ? (PublishPacket)will with { Properties = will.Properties.Without(PropertyId.TopicAlias, PropertyId.SubscriptionIdentifier), PacketId = 0 }
                : null,
            Properties = new PropertyBag([new Property(PropertyId.SessionExpiry, (uint)expiry), new Property(PropertyId.ReceiveMaximum, keepAlive)]),
        };

    private static readonly Gen<Packet> Subscribes =
        from id in Ids
        from filters in Texts.NonEmptyListOf()
        from qos in Gen.Choose(0, 2)
        from local in Bools
        from published in Bools
        from handling in Gen.Choose(0, 2)
        select (Packet)new SubscribePacket(id, [.. filters.Select(f => new SubscriptionRequest(f, (byte)qos, local, published, (byte)handling))]);

    private static readonly Gen<Packet> Others = Gen.OneOf(
        Ids.SelectMany(_ => Texts.NonEmptyListOf(), (id, filters) => (Packet)new UnsubscribePacket(id, [.. filters])),
        Ids.SelectMany(_ => Binaries, (id, codes) => (Packet)new SubscriptionAckPacket(PacketType.SubAck, id, codes)),
        Ids.SelectMany(_ => Gen.Elements(ReasonCode.Success, ReasonCode.QuotaExceeded), (id, reason) => (Packet)new AckPacket(PacketType.PubAck, id, reason)),
        Bools.Select(present => (Packet)new ConnAckPacket(present, 0) { Properties = new PropertyBag([new Property(PropertyId.AssignedClientIdentifier, Text: "c")]) }),
        Gen.Elements(PacketType.PingReq, PacketType.PingResp).Select(t => (Packet)new PingPacket(t)),
        Gen.Elements(ReasonCode.Success, ReasonCode.SessionTakenOver).Select(r => (Packet)new ReasonPacket(PacketType.Disconnect, r)));

    private static readonly Gen<Packet> Packets = Gen.OneOf(Publishes, Connects, Subscribes, Others);

    [Fact]
    public void Every_packet_of_MQTT_5_comes_back_as_it_was_written() =>
        Check.One(Quick, Prop.ForAll(Packets.ToArbitrary(), packet =>
        {
            byte[] bytes = PacketEncoder.Encode(packet, version: 5);
            Packet back = Decode(bytes, version: 5);
            back.GetType().ShouldBe(packet.GetType());
            PacketEncoder.Encode(back, version: 5).ShouldBe(bytes);
            Describe(back).ShouldBe(Describe(packet));
        }));

    [Fact]
    public void MQTT_3_1_1_leaves_out_what_it_has_no_place_for_and_nothing_else() =>
        Check.One(Quick, Prop.ForAll(Publishes.ToArbitrary(), packet =>
        {
            var publish = (PublishPacket)packet;
            var back = (PublishPacket)Decode(PacketEncoder.Encode(packet, version: 4), version: 4);
            Describe(back).ShouldBe(Describe(publish with { Properties = PropertyBag.Empty }));
        }));

    [Fact]
    public void A_packet_cut_short_is_malformed_and_never_anything_worse() =>
        Check.One(Quick, Prop.ForAll(Packets.ToArbitrary(), Gen.Choose(0, 1_000).ToArbitrary(), (packet, at) =>
        {
            byte[] bytes = PacketEncoder.Encode(packet, version: 5);
            (byte header, byte[] body) = Cut(bytes);
            try
            {
                PacketDecoder.Decode(header, body.AsSpan(0, Math.Min(at, body.Length)), version: 5);
            }
            catch (ProtocolViolation violation)
            {
                violation.Reason.ShouldBeOneOf(ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
            }
        }));

    [Fact]
    public void Any_bytes_decode_or_are_a_violation() =>
        Check.One(Quick.WithMaxTest(3_000), Prop.ForAll(Gen.Choose(0, 255).ToArbitrary(), Binaries.ToArbitrary(), Gen.Elements((byte)4, (byte)5).ToArbitrary(), (header, body, version) =>
        {
            try
            {
                PacketDecoder.Decode((byte)header, body, version);
            }
            catch (ProtocolViolation)
            {
                // What hostile bytes come to.
            }
        }));

    [Theory]
    [InlineData("30 80 80 80 80 01")]
    [InlineData("30 FF FF FF FF")]
    public void A_remaining_length_of_five_bytes_is_malformed(string notation)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(Wire.Bytes(notation));

        Should.Throw<ProtocolViolation>(() => PacketFramer.TryCut(ref buffer, int.MaxValue, out _, out _)).Reason.ShouldBe(ReasonCode.MalformedPacket);
    }

    [Fact]
    public void A_packet_that_is_too_large_is_refused_before_it_has_arrived()
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(Wire.Bytes("30 65"));

        Should.Throw<ProtocolViolation>(() => PacketFramer.TryCut(ref buffer, 102, out _, out _)).Reason.ShouldBe(ReasonCode.PacketTooLarge);
        PacketFramer.TryCut(ref buffer, 103, out _, out _).ShouldBeFalse();
    }

    private static Packet Decode(byte[] bytes, byte version)
    {
        (byte header, byte[] body) = Cut(bytes);
        return PacketDecoder.Decode(header, body, version);
    }

    private static (byte Header, byte[] Body) Cut(byte[] bytes)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(bytes);
        PacketFramer.TryCut(ref buffer, int.MaxValue, out byte header, out System.Buffers.ReadOnlySequence<byte> body).ShouldBeTrue();
        buffer.IsEmpty.ShouldBeTrue();
        return (header, System.Buffers.BuffersExtensions.ToArray(body));
    }

    // Records compare memory by where it is; this compares what is in it.
    private static string Describe(Packet packet) => packet switch
    {
        PublishPacket p => $"{p.Topic}|{Convert.ToHexString(p.Payload.Span)}|{p.QoS}|{p.Retain}|{p.Duplicate}|{p.PacketId}|{Describe(p.Properties)}",
        ConnectPacket c => $"{c.ClientId}|{c.CleanStart}|{c.KeepAliveSeconds}|{c.UserName}|{Convert.ToHexString(c.Password!.Value.Span)}|{Describe(c.Properties)}|"
            + (c.Will is { } w ? Describe(w with { Duplicate = false }) : ""),
        SubscribePacket s => $"{s.PacketId}|{string.Join(',', s.Requests)}",
        UnsubscribePacket u => $"{u.PacketId}|{string.Join(',', u.Filters)}",
        SubscriptionAckPacket a => $"{a.Type}|{a.PacketId}|{Convert.ToHexString(a.Codes.Span)}",
        _ => $"{packet.Type}|{(packet as AckPacket)?.PacketId}|{(packet as AckPacket)?.Reason}|{(packet as ReasonPacket)?.Reason}|{(packet as ConnAckPacket)?.SessionPresent}",
    };

    private static string Describe(PropertyBag bag) =>
        string.Join(';', bag.All.Select(p => $"{p.Id}={p.Number},{p.Text},{p.Value},{Convert.ToHexString(p.Data.Span)}"));
}
