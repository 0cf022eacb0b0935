using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Receiving;

/// <summary>A broker that closes the connection on a SUBSCRIBE or UNSUBSCRIBE: the filter fails, and nothing else does.</summary>
public sealed class RefusedByClosingTests
{
    private readonly FakeBroker _broker = new();

    [Theory]
    [InlineData(MqttProtocolVersion.V5, true)]
    [InlineData(MqttProtocolVersion.V5, false)]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    public async Task It_fails_with_its_filter_while_publications_arrive_on_every_connection(MqttProtocolVersion version, bool keepsSession)
    {
        await using var broker = new StrictBroker(_broker, version) { KeepsSession = keepsSession, Rejects = p => p.Type == 8 && p.FiltersOf(version).Contains("forbidden") };
        await using MqttConnection client = await broker.ConnectAsync();
        await using IMqttSubscription good = await client.SubscribeAsync(["good"]);
        Task<IMqttSubscription> forbidden = client.SubscribeAsync(["forbidden"]).AsTask();
        Task[] publications = [.. Enumerable.Range(0, 3).Select(_ => client.PublishAsync("ok", default).AsTask())];
        await Task.WhenAll(publications).WaitAsync(FakeBroker.Patience, TimeProvider.System);
        MqttException error = await FailsAsync(forbidden);
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        error.Message.ShouldContain("'forbidden'");
        broker.Connections.ShouldBeLessThanOrEqualTo(5);
        good.Messages.Completion.IsCompleted.ShouldBeFalse();
        if (!keepsSession)
        {
            for (int connection = 2; connection <= broker.Connections; connection++)
            {
                broker.Seen.First(seen => seen.Connection == connection).Packet.FiltersOf(version).ShouldBe(["good"]);
            }
        }
    }

    [Fact]
    public async Task Publications_are_sent_before_it_and_not_beside_it()
    {
        await using var broker = new StrictBroker(_broker) { Rejects = p => p.Type == 8 && p.Filters.Contains("forbidden") };
        await using MqttConnection client = await broker.ConnectAsync();
        Task<IMqttSubscription> forbidden = client.SubscribeAsync(["forbidden"]).AsTask();
        await Eventually.TrueAsync(() => broker.Connections >= 2);
        while (!forbidden.IsCompleted)
        {
            await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        }

        await FailsAsync(forbidden);
        broker.Connections.ShouldBe(5);
    }

    [Theory]
    [InlineData(0x87)]
    [InlineData(0x8F)]
    [InlineData(0xA1)]
    public async Task A_reason_that_names_it_fails_it_at_once_when_it_is_alone(byte reason)
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Reason = reason, Rejects = p => p.Type == 8 };
        await using MqttConnection client = await broker.ConnectAsync();
        MqttException error = await FailsAsync(client.SubscribeAsync(["forbidden"]).AsTask());
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        error.Reason.ShouldBe((MqttReasonCode)reason);
        broker.Seen.Count(seen => seen.Packet.Type == 8).ShouldBe(1);
    }

    [Fact]
    public async Task A_filter_that_was_granted_and_is_not_any_more_ends_its_subscription_alone()
    {
        bool isForbidden = false;
        await using var broker = new StrictBroker(_broker) { Rejects = p => isForbidden && p.Type == 8 && p.Filters.Contains("f/3") };
        await using MqttConnection client = await broker.ConnectAsync();
        IMqttSubscription[] all = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => client.SubscribeAsync([$"f/{i}"]).AsTask()));
        isForbidden = true;
        broker.Cut();
        MqttException error = await Should.ThrowAsync<MqttException>(() => all[3].Messages.Completion.WaitAsync(FakeBroker.Patience, TimeProvider.System));
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        error.Message.ShouldContain("'f/3'");
        all.Count(subscription => subscription.Messages.Completion.IsCompleted).ShouldBe(1);
        await Eventually.TrueAsync(() => broker.Seen.Where(seen => seen.Connection == broker.Connections && seen.Packet.Type == 8).SelectMany(seen => seen.Packet.Filters).Count() == 5);
    }

    [Fact]
    public async Task An_UNSUBSCRIBE_that_it_closes_on_is_forgotten()
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Rejects = p => p.Type == 10 };
        await using MqttConnection client = await broker.ConnectAsync(broker.Options with { CloseTimeout = TimeSpan.FromSeconds(1) });
        IMqttSubscription subscription = await client.SubscribeAsync(["f"]);
        await subscription.DisposeAsync();
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        broker.Connections.ShouldBeLessThanOrEqualTo(4);
    }

    [Theory]
    [InlineData(new byte[] { 0, 2 })]
    [InlineData(new byte[] { 0, 1, 1 })]
    [InlineData(new byte[] { 9 })]
    public async Task One_whose_SUBACK_cannot_be_read_fails_and_is_not_asked_for_again(byte[] rest)
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task<IMqttSubscription> subscribing = client.SubscribeAsync(["f"]).AsTask();
        ushort id = (await link.ReadAsync()).PacketId;
        await link.SendAsync(Packets.Packet(0x90, [(byte)(id >> 8), (byte)id, .. rest]));
        (await FailsAsync(subscribing)).Message.ShouldContain("'f'");
        FakeLink next = await _broker.WelcomeAsync();
        Task publication = client.PublishAsync("a", default).AsTask();
        SentPacket sent = await next.ReadAsync();
        sent.Type.ShouldBe(3);
        await next.SendAsync(Packets.PubAck(sent.PacketId));

        await publication;
    }

    [Fact]
    public async Task A_suspect_that_stays_unanswered_holds_publications_for_a_moment_only()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task<IMqttSubscription> subscribing = client.SubscribeAsync(["f"]).AsTask();
        (await link.ReadAsync()).Type.ShouldBe(8);
        link.Close();
        FakeLink next = await _broker.WelcomeAsync();
        (await next.ReadAsync()).Type.ShouldBe(8);
        Task publication = client.PublishAsync("a", default).AsTask();
        next.HasPacket.ShouldBeFalse();
        _broker.Time.Advance(TimeSpan.FromSeconds(15));
        SentPacket sent = await next.ReadAsync();
        sent.Type.ShouldBe(3);
        await next.SendAsync(Packets.PubAck(sent.PacketId));

        await publication;
        subscribing.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void Whatever_is_refused_fails_and_whatever_is_not_is_granted() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(
                (from count in Gen.Choose(1, 6)
                 from refused in Gen.ListOf(Gen.Choose(0, 5))
                 from version in Gen.Elements(MqttProtocolVersion.V5, MqttProtocolVersion.V311)
                 from keeps in Gen.Elements(true, false)
                 from reason in Gen.Elements<int>(0, 0x80, 0x87)
                 select (count, refused, version, keeps, reason)).ToArbitrary(),
                sample => RunAsync(sample.count, [.. sample.refused], sample.version, sample.keeps, sample.reason).GetAwaiter().GetResult()));

    private static async Task RunAsync(int count, HashSet<int> refused, MqttProtocolVersion version, bool keepsSession, int reason)
    {
        await using var broker = new StrictBroker(new FakeBroker(), version)
        {
            KeepsSession = keepsSession,
            Reason = reason == 0 || version == MqttProtocolVersion.V311 ? null : (byte)reason,
            Rejects = packet => packet.Type == 8 && packet.FiltersOf(version).Any(filter => refused.Contains(int.Parse(filter))),
        };
        await using MqttConnection client = await broker.ConnectAsync();
        Task<IMqttSubscription>[] all = [.. Enumerable.Range(0, count).Select(i => client.SubscribeAsync([$"{i}"]).AsTask())];
        Task publication = client.PublishAsync("ok", default).AsTask();
        for (int i = 0; i < count; i++)
        {
            if (refused.Contains(i))
            {
                (await FailsAsync(all[i])).Message.ShouldContain($"'{i}'");
            }
            else
            {
                await all[i].WaitAsync(FakeBroker.Patience, TimeProvider.System);
            }
        }

        await publication.WaitAsync(FakeBroker.Patience, TimeProvider.System);
        broker.Connections.ShouldBeLessThanOrEqualTo(2 + 4 * Enumerable.Range(0, count).Count(refused.Contains));
    }

    private static async Task<MqttException> FailsAsync(Task<IMqttSubscription> subscribing) =>
        await Should.ThrowAsync<MqttException>(() => subscribing.WaitAsync(FakeBroker.Patience, TimeProvider.System));
}
