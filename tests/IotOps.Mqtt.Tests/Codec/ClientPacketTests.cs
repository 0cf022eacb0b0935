using IotOps.Mqtt.Codec;

namespace IotOps.Mqtt.Tests.Codec;

/// <summary>The packets only a client writes, byte by byte.</summary>
public sealed class ClientPacketTests
{
    private static readonly MqttConnectionOptions Options = new()
    {
        Host = "h",
        ClientId = "me",
        KeepAlive = TimeSpan.FromSeconds(300),
        SessionExpiry = TimeSpan.FromSeconds(3600),
        ReceiveMaximum = 100,
        TopicAliasMaximum = 8,
        MaxPacketBytes = 0x01020304,
    };

    [Fact]
    public void CONNECT_of_5() => ConnectCodec.Write(Options, cleanStart: true).ShouldBe(
    [
        0x10, 31, 0, 4, .. "MQTT"u8, 5, 0x02, 1, 44,
        16, 0x11, 0, 0, 0x0E, 0x10, 0x21, 0, 100, 0x27, 1, 2, 3, 4, 0x22, 0, 8,
        0, 2, .. "me"u8,
    ]);

    [Fact]
    public void CONNECT_of_3_1_1_with_all_it_can_carry() => ConnectCodec.Write(
        Options with
        {
            ProtocolVersion = MqttProtocolVersion.V311,
            UserName = "u",
            Password = new byte[] { 1, 2 },
            Will = new MqttWill { Topic = "w", Payload = new byte[] { 9 }, Options = new MqttPublishOptions { Retain = true, ContentType = "left out" } },
        },
        cleanStart: false).ShouldBe(
    [
        0x10, 27, 0, 4, .. "MQTT"u8, 4, 0xEC, 1, 44,
        0, 2, .. "me"u8,
        0, 1, .. "w"u8, 0, 1, 9,
        0, 1, .. "u"u8,
        0, 2, 1, 2,
    ]);

    [Fact]
    public void A_will_of_5_has_properties_of_its_own() => ConnectCodec.Write(
        Options with
        {
            SessionExpiry = TimeSpan.Zero,
            TopicAliasMaximum = 0,
            Will = new MqttWill
            {
                Topic = "w",
                Payload = new byte[] { 9 },
                QualityOfService = MqttQualityOfService.AtMostOnce,
                Delay = TimeSpan.FromSeconds(5),
                Options = new MqttPublishOptions { PayloadIsUtf8 = true },
            },
        },
        cleanStart: false).ShouldBe(
    [
        0x10, 37, 0, 4, .. "MQTT"u8, 5, 0x04, 1, 44,
        8, 0x21, 0, 100, 0x27, 1, 2, 3, 4,
        0, 2, .. "me"u8,
        7, 0x18, 0, 0, 0, 5, 0x01, 1,
        0, 1, .. "w"u8, 0, 1, 9,
    ]);

    [Fact]
    public void SUBSCRIBE_and_UNSUBSCRIBE()
    {
        TopicSubscription[] filters = [new("a/+", MqttQualityOfService.AtLeastOnce, NoLocal: true), new("#", MqttQualityOfService.AtMostOnce, NoLocal: false)];

        SubscribeCodec.WriteSubscribe(MqttProtocolVersion.V5, 0x0102, filters).ShouldBe([0x82, 13, 1, 2, 0, 0, 3, .. "a/+"u8, 5, 0, 1, .. "#"u8, 0]);
        SubscribeCodec.WriteSubscribe(MqttProtocolVersion.V311, 0x0102, filters).ShouldBe([0x82, 12, 1, 2, 0, 3, .. "a/+"u8, 1, 0, 1, .. "#"u8, 0]);
        SubscribeCodec.WriteUnsubscribe(MqttProtocolVersion.V5, 3, ["a"]).ShouldBe([0xA2, 6, 0, 3, 0, 0, 1, .. "a"u8]);
        SubscribeCodec.WriteUnsubscribe(MqttProtocolVersion.V311, 3, ["a"]).ShouldBe([0xA2, 5, 0, 3, 0, 1, .. "a"u8]);
    }

    [Fact]
    public void PUBACK_and_DISCONNECT()
    {
        byte[] acknowledgement = new byte[PubAckCodec.Length];
        PubAckCodec.Write(acknowledgement, 0xABCD);

        acknowledgement.ShouldBe([0x40, 2, 0xAB, 0xCD]);
        DisconnectCodec.Write(MqttProtocolVersion.V311, MqttReasonCode.MalformedPacket).ShouldBe([0xE0, 0]);
        DisconnectCodec.Write(MqttProtocolVersion.V5, MqttReasonCode.MalformedPacket).ShouldBe([0xE0, 1, 0x81]);
        DisconnectCodec.Write(MqttProtocolVersion.V5, MqttReasonCode.Success).ShouldBe([0xE0, 0]);
    }
}
