using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Tests.Fakes;

namespace IotOps.Mqtt.Tests.Publishing;

/// <summary>A broker that closes the connection on a publication: it fails, and nothing else does.</summary>
public sealed class RefusedByClosingTests
{
    private readonly FakeBroker _broker = new();

    [Theory]
    [InlineData(MqttProtocolVersion.V5, true)]
    [InlineData(MqttProtocolVersion.V5, false)]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    public async Task It_fails_with_its_topic_and_the_others_arrive(MqttProtocolVersion version, bool keepsSession)
    {
        await using var broker = new StrictBroker(_broker, version) { KeepsSession = keepsSession, Rejects = p => StrictBroker.Names(p, "forbidden", version) };
        await using MqttConnection client = await broker.ConnectAsync();
        Task forbidden = client.PublishAsync("forbidden", "x"u8.ToArray()).AsTask();
        Task[] others = [.. Enumerable.Range(0, 8).Select(_ => client.PublishAsync("ok", "x"u8.ToArray()).AsTask())];
        MqttException error = await FailsAsync(forbidden);
        await Task.WhenAll(others).WaitAsync(FakeBroker.Patience, TimeProvider.System);

        error.Message.ShouldContain("'forbidden'");
        error.Message.ShouldContain("4 connections ended");
        error.IsTransient.ShouldBeFalse();
        broker.Connections.ShouldBeLessThanOrEqualTo(5);
        (client.InFlight, client.Queued).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(0x87)]
    [InlineData(0x90)]
    [InlineData(0x95)]
    [InlineData(0x97)]
    [InlineData(0x99)]
    [InlineData(0x9A)]
    [InlineData(0x9B)]
    public async Task A_reason_that_names_it_fails_it_at_once_when_it_is_alone(byte reason)
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Reason = reason, Rejects = p => p.Type == 3 && p.Topic == "forbidden" };
        await using MqttConnection client = await broker.ConnectAsync();
        MqttException error = await FailsAsync(client.PublishAsync("forbidden", default).AsTask());
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        error.Reason.ShouldBe((MqttReasonCode)reason);
        error.Message.ShouldContain("'forbidden'");
        broker.Seen.Count(seen => seen.Packet is { Type: 3 } packet && packet.Topic == "forbidden").ShouldBe(1);
    }

    [Fact]
    public async Task A_reason_that_fits_several_sends_each_alone_on_the_next_connection()
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Reason = 0x87, Rejects = p => p.Type == 3 && p.Topic == "forbidden" };
        await using MqttConnection client = await broker.ConnectAsync();
        Task[] all = [.. new[] { "a", "forbidden", "b" }.Select(topic => client.PublishAsync(topic, default).AsTask())];
        await FailsAsync(all[1]);
        await Task.WhenAll(all[0], all[2]).WaitAsync(FakeBroker.Patience, TimeProvider.System);

        broker.Connections.ShouldBeLessThanOrEqualTo(3);
    }

    [Theory]
    [InlineData(0x8B)]
    [InlineData(0x89)]
    [InlineData(0x98)]
    [InlineData(0x9F)]
    public async Task A_reason_of_another_kind_suspects_nothing(byte reason)
    {
        int ends = 0;
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Reason = reason, Rejects = p => p.Type == 3 && Interlocked.Increment(ref ends) <= 6 };
        await using MqttConnection client = await broker.ConnectAsync();
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        broker.Connections.ShouldBe(7);
    }

    [Fact]
    public async Task A_network_that_loses_every_connection_suspects_nothing()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        Task publication = client.PublishAsync("ok", default).AsTask();
        for (int i = 0; i < 6; i++)
        {
            await link.ReadAsync();
            link.Lose();
            link = await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        }

        await link.SendAsync(Packets.PubAck((await link.ReadAsync()).PacketId));
        await publication.WaitAsync(FakeBroker.Patience, TimeProvider.System);
    }

    [Fact]
    public async Task A_write_that_the_broker_cut_off_counts_as_closed_by_it()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        link.Stream.Stall = new TaskCompletionSource();
        Task publication = client.PublishAsync("big", new byte[1000]).AsTask();
        for (int i = 0; i < 4; i++)
        {
            await Eventually.TrueAsync(() => link.Stream.IsStalled);
            link.Stream.Stall!.SetException(new IOException("Broken pipe", new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.Shutdown)));
            link = await _broker.AcceptAsync();
            await link.ReadAsync();
            link.Stream.Stall = i < 3 ? new TaskCompletionSource() : null;
            await link.SendAsync(Packets.ConnAck(sessionPresent: true));
        }

        (await FailsAsync(publication)).Message.ShouldContain("'big'");
    }

    [Fact]
    public async Task QoS_0_that_the_broker_closes_on_is_not_laid_to_another()
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Reason = 0x87, Rejects = p => p.Type == 3 && p.Topic == "forbidden" };
        await using MqttConnection client = await broker.ConnectAsync();
        for (int i = 0; i < 6; i++)
        {
            int connection = broker.Connections;
            Task zero = client.PublishAsync("forbidden", default, MqttQualityOfService.AtMostOnce).AsTask();
            Task one = client.PublishAsync("ok", default).AsTask();
            await one.WaitAsync(FakeBroker.Patience, TimeProvider.System);
            await ((Task)Task.WhenAny(zero)).WaitAsync(FakeBroker.Patience, TimeProvider.System);
            _ = zero.Exception;
            broker.Connections.ShouldBeGreaterThan(connection);
        }
    }

    [Fact]
    public async Task New_publications_go_before_a_suspect_at_every_connection()
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Rejects = p => p.Type == 3 && p.Topic.StartsWith("forbidden", StringComparison.Ordinal) };
        await using MqttConnection client = await broker.ConnectAsync();
        Task[] forbidden = [.. Enumerable.Range(0, 20).Select(i => client.PublishAsync($"forbidden/{i}", default).AsTask())];
        await Eventually.TrueAsync(() => broker.Connections >= 4);
        for (int i = 0; i < 5; i++)
        {
            await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        }

        // Each one was seen before the suspect of its connection.
        for (int connection = 5; connection < broker.Connections; connection++)
        {
            broker.Published(connection).TakeWhile(topic => topic == "ok").Count().ShouldBe(broker.Published(connection).Count() - 1);
        }

        foreach (Task publication in forbidden)
        {
            await FailsAsync(publication);
        }

        broker.Connections.ShouldBeLessThanOrEqualTo(3 + 20 + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cancelled_publication_is_not_sent_again(bool keepsSession)
    {
        await using var broker = new StrictBroker(_broker) { KeepsSession = keepsSession, Ignores = p => p.Type == 3 && p.Topic == "cancelled" };
        await using MqttConnection client = await broker.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        Task cancelled = client.PublishAsync("cancelled", "x"u8.ToArray(), cancellationToken: cancel.Token).AsTask();
        await client.PublishAsync("before", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cancelled);
        client.InFlight.ShouldBe(1, "its id may still be answered");
        broker.Cut();
        await Eventually.TrueAsync(() => client.State is { Status: MqttConnectionStatus.Connected, Connections: 2 });
        await client.PublishAsync("after", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        broker.Published(2).ShouldBe(["after"]);
        client.InFlight.ShouldBe(0);
    }

    [Fact]
    public async Task The_log_says_what_was_in_flight_and_calls_no_takeover()
    {
        var lines = new LogLines();
        await using var broker = new StrictBroker(_broker) { KeepsSession = true, Rejects = p => p.Type == 3 && p.Topic == "forbidden" };
        await using MqttConnection client = await broker.ConnectAsync(broker.Options with { LoggerFactory = lines });
        await FailsAsync(client.PublishAsync("forbidden", default).AsTask());
        await client.PublishAsync("ok", default).AsTask().WaitAsync(FakeBroker.Patience, TimeProvider.System);

        lines.Of(402).Count().ShouldBe(4);
        lines.Of(402).ShouldAllBe(line => line.Contains("In flight: PUBLISH forbidden.", StringComparison.Ordinal));
        lines.Of(409).ShouldHaveSingleItem().ShouldContain("'forbidden'");
        lines.Of(405).ShouldBeEmpty();
        lines.Of(408).ShouldBeEmpty();
    }

    [Fact]
    public void Whatever_is_refused_fails_and_whatever_is_not_arrives() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(40),
            Prop.ForAll(
                (from topics in Gen.NonEmptyListOf(Gen.Choose(0, 7))
                 from refused in Gen.ListOf(Gen.Choose(0, 7))
                 from version in Gen.Elements(MqttProtocolVersion.V5, MqttProtocolVersion.V311)
                 from keeps in Gen.Elements(true, false)
                 from reason in Gen.Elements<int>(0, 0x80, 0x87, 0x95)
                 select (topics, refused, version, keeps, reason)).ToArbitrary(),
                sample => RunAsync([.. sample.topics], [.. sample.refused], sample.version, sample.keeps, sample.reason).GetAwaiter().GetResult()));

    private static async Task RunAsync(int[] topics, HashSet<int> refused, MqttProtocolVersion version, bool keepsSession, int reason)
    {
        await using var broker = new StrictBroker(new FakeBroker(), version)
        {
            KeepsSession = keepsSession,
            Reason = reason == 0 || version == MqttProtocolVersion.V311 ? null : (byte)reason,
            Rejects = packet => packet.Type == 3 && refused.Contains(int.Parse(packet.Topic)),
        };
        await using MqttConnection client = await broker.ConnectAsync();
        Task[] publications = [.. topics.Select(topic => client.PublishAsync($"{topic}", "x"u8.ToArray()).AsTask())];
        for (int i = 0; i < topics.Length; i++)
        {
            if (refused.Contains(topics[i]))
            {
                (await FailsAsync(publications[i])).Message.ShouldContain($"'{topics[i]}'");
            }
            else
            {
                await publications[i].WaitAsync(FakeBroker.Patience, TimeProvider.System);
            }
        }

        // Three for whatever was sent at a time, one for each that was found.
        broker.Connections.ShouldBeLessThanOrEqualTo(1 + 4 * topics.Count(refused.Contains));
    }

    private static async Task<MqttException> FailsAsync(Task publication) =>
        await Should.ThrowAsync<MqttException>(() => publication.WaitAsync(FakeBroker.Patience, TimeProvider.System));
}
