using System.Text;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Codec;
using IotOps.Mqtt.Receiving;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>A message in a packet larger than MaxPacketBytes costs nothing but itself.</summary>
public sealed class OversizeTests
{
    private readonly FakeBroker _broker = new();
    [Theory]
    [InlineData(MqttProtocolVersion.V5, new byte[] { 0x40, 3, 0, 2, 0x97 })]
    [InlineData(MqttProtocolVersion.V311, new byte[] { 0x40, 2, 0, 2 })]
    public async Task It_is_passed_over_acknowledged_in_its_place_and_logged_with_its_topic(MqttProtocolVersion version, byte[] acknowledgement)
    {
        bool v5 = version == MqttProtocolVersion.V5;
        var lines = new LogLines();
        MqttConnectionOptions options = _broker.Options(version) with { MaxPacketBytes = 1000, LoggerFactory = lines };
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(options);
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["big/#"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, version, [1]));
        await using IMqttSubscription subscription = await subscribing;
        await link.SendAsync(
            Packets.Publish("big/1", "first", id: 1, v5: v5),
            Packets.Publish("big/2", new string('x', 300_000), id: 2, v5: v5),
            Packets.Publish("big/3", "third", id: 3, v5: v5));
        MqttReceivedMessage first = await subscription.Messages.ReadAsync();
        using MqttReceivedMessage third = await subscription.Messages.ReadAsync();
        (first.Topic, third.Topic).ShouldBe(("big/1", "big/3"));
        link.HasPacket.ShouldBeFalse("the first is not done");
        first.Dispose();

        (await link.ReadAsync()).PacketId.ShouldBe((ushort)1);
        (await link.ReadAsync()).Bytes.ShouldBe(acknowledgement);
        lines.Of(410).ShouldHaveSingleItem().ShouldContain("'big/2'");
        client.State.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task One_that_gives_its_topic_an_alias_still_gives_it()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { MaxPacketBytes = 1000 });
        await using MqttConnection _ = client;
        ValueTask<IMqttSubscription> subscribing = client.SubscribeAsync(["t"]);
        await link.SendAsync(Packets.SubAck((await link.ReadAsync()).PacketId, 1));
        await using IMqttSubscription subscription = await subscribing;
        await link.SendAsync(Packets.Publish("t", new string('x', 100_000), properties: [0x23, 0, 1]), Packets.Publish("", "small", properties: [0x23, 0, 1]));

        (await subscription.Messages.ReadAsync()).Topic.ShouldBe("t");
    }

    [Fact]
    public void Whatever_the_sizes_and_the_pieces_packets_that_fit_come_whole_and_others_by_their_beginning() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(50),
            Prop.ForAll(
                (from sizes in Gen.NonEmptyListOf(Gen.Frequency((3, Gen.Choose(0, 400)), (1, Gen.Choose(400, 1500)), (1, Gen.Choose(70_000, 76_000))))
                 from pieces in Gen.NonEmptyListOf(Gen.Choose(1, 9000))
                 select (sizes, pieces)).ToArbitrary(),
                sample => Read([.. sample.sizes], [.. sample.pieces])));

    private static void Read(int[] sizes, int[] pieces)
    {
        const int Maximum = 500;
        byte[] stream = [.. sizes.SelectMany((size, i) => Packets.Publish($"t/{i}", new string('x', size), id: (ushort)(i + 1)))];
        using var buffer = new ReceiveBuffer(Maximum);
        List<string> whole = [], begun = [];
        for (int at = 0, piece = 0; at < stream.Length; piece++)
        {
            Memory<byte> room = buffer.Room();
            int count = Math.Min(Math.Min(pieces[piece % pieces.Length], room.Length), stream.Length - at);
            stream.AsSpan(at, count).CopyTo(room.Span);
            buffer.Add(count);
            at += count;
            while (true)
            {
                if (buffer.TryRead(out FrameHeader header, out ReadOnlySpan<byte> body))
                {
                    whole.Add(Encoding.UTF8.GetString(PublishCodec.Read(header, body, MqttProtocolVersion.V5).Topic));
                }
                else if (buffer.TryReadBeginning(out header, out ReadOnlySpan<byte> beginning))
                {
                    PublishPacket packet = PublishCodec.ReadBeginning(header, beginning, MqttProtocolVersion.V5);
                    begun.Add(Encoding.UTF8.GetString(packet.Topic));
                    packet.PacketId.ShouldNotBe((ushort)0);
                }
                else
                {
                    break;
                }
            }
        }

        bool Fits(int i) => Packets.Publish($"t/{i}", new string('x', sizes[i]), id: 1).Length <= Maximum;
        whole.ShouldBe([.. Enumerable.Range(0, sizes.Length).Where(Fits).Select(i => $"t/{i}")]);
        begun.ShouldBe([.. Enumerable.Range(0, sizes.Length).Where(i => !Fits(i)).Select(i => $"t/{i}")]);
    }
}
