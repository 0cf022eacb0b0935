using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>A broker with a kept session sends first, at every connection, what it has not been acknowledged: also what cannot be read.</summary>
public sealed class UnreadableMessageTests : IDisposable
{
    private const byte CleanStart = 0x02;

    private readonly FakeBroker _broker = new();
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    public static TheoryData<string, byte[]> Unreadable => new()
    {
        { "QoS 2", Packets.Packet(0x34, [.. Packets.String("bad/one"), 0, 7, 0, .. "x"u8]) },
        { "QoS 2, larger than is taken", Packets.Packet(0x34, [.. Packets.String("bad/one"), 0, 7, 0, .. new byte[500]]) },
        { "QoS 3", Packets.Packet(0x36, [.. Packets.String("bad/one"), 0, 7, 0, .. "x"u8]) },
        { "packet id 0", Packets.Packet(0x32, [.. Packets.String("bad/one"), 0, 0, 0, .. "x"u8]) },
        { "a property twice", Packets.Publish("bad/one", "x", 7, properties: [1, 1, 1, 1]) },
        { "an unknown property", Packets.Publish("bad/one", "x", 7, properties: [0x7F, 1]) },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task After_three_connections_in_a_row_the_session_is_given_up_once_and_what_is_behind_comes(string what, byte[] message)
    {
        await using var client = new MqttConnection(_broker.Options() with { LoggerFactory = _log, MaxPacketBytes = 400 });
        Task connecting = client.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            FakeLink link = await _broker.AcceptAsync();
            (await FlagsAsync(link)).ShouldBe((byte)0, what);
            await link.SendAsync(Packets.ConnAck(sessionPresent: true));
            await link.SendAsync(message);
            await EndAsync(link);
        }

        FakeLink anew = await _broker.AcceptAsync();
        (await FlagsAsync(anew)).ShouldBe(CleanStart);
        await anew.SendAsync(Packets.ConnAck());
        await connecting;
        Task publishing = client.PublishAsync("t", "x"u8.ToArray()).AsTask();
        SentPacket publish = await anew.ReadAsync();
        await anew.SendAsync(Packets.PubAck(publish.PacketId));
        await publishing;

        _log.Of(417).ShouldHaveSingleItem().ShouldContain("3 connections in a row ended by a message to 'bad/one' that cannot be read");
    }

    [Fact]
    public async Task In_MQTT_3_1_1_a_clean_session_of_its_own_takes_the_place_of_the_kept_one()
    {
        await using var client = new MqttConnection(_broker.Options(MqttProtocolVersion.V311) with { LoggerFactory = _log });
        _ = client.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            FakeLink link = await _broker.AcceptAsync();
            (await FlagsAsync(link)).ShouldBe((byte)0);
            await link.SendAsync(Packets.ConnAck(sessionPresent: true, version: MqttProtocolVersion.V311));
            await link.SendAsync(Packets.Packet(0x34, [.. Packets.String("bad/one"), 0, 7, .. "x"u8]));
            await EndAsync(link);
        }

        FakeLink clean = await _broker.AcceptAsync();
        (await FlagsAsync(clean)).ShouldBe(CleanStart);
        await clean.SendAsync(Packets.ConnAck(version: MqttProtocolVersion.V311));
        (await clean.ReadAsync()).Type.ShouldBe(14);
        FakeLink kept = await _broker.AcceptAsync();
        (await FlagsAsync(kept)).ShouldBe((byte)0);

        _log.Of(417).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_message_that_comes_without_a_session_too_costs_no_second_one()
    {
        await using var client = new MqttConnection(_broker.Options() with { LoggerFactory = _log });
        _ = client.ConnectAsync();
        List<byte> flags = [];
        for (int i = 0; i < 9; i++)
        {
            FakeLink link = await _broker.AcceptAsync();
            flags.Add(await FlagsAsync(link));
            await link.SendAsync(Packets.ConnAck(sessionPresent: flags[^1] == 0));
            await link.SendAsync(Packets.Packet(0x34, [.. Packets.String("retained"), 0, 7, 0, .. "x"u8]));
            await EndAsync(link);
        }

        flags.ShouldBe([0, 0, 0, CleanStart, 0, 0, 0, 0, 0]);
    }

    [Fact]
    public async Task Connections_that_ended_otherwise_begin_the_count_anew()
    {
        await using var client = new MqttConnection(_broker.Options() with { LoggerFactory = _log });
        _ = client.ConnectAsync();
        for (int i = 0; i < 6; i++)
        {
            FakeLink link = await _broker.AcceptAsync();
            (await FlagsAsync(link)).ShouldBe((byte)0);
            await link.SendAsync(Packets.ConnAck(sessionPresent: true));
            if (i % 3 == 2)
            {
                link.Close();
            }
            else
            {
                await link.SendAsync(Packets.Packet(0x34, [.. Packets.String("bad/one"), 0, 7, 0, .. "x"u8]));
            }

            await EndAsync(link);
        }

        _log.Of(417).ShouldBeEmpty();
    }

    // Protocol name, version, then the flags of a CONNECT.
    private static async Task<byte> FlagsAsync(FakeLink link)
    {
        SentPacket connect = await link.ReadAsync();
        connect.Type.ShouldBe(1);
        return (byte)(connect.Body[7] & CleanStart);
    }

    private static async Task EndAsync(FakeLink link)
    {
        while (await link.TryReadAsync() is not null)
        {
        }
    }
}
