using System.Net;
using System.Net.Sockets;
using FsCheck;
using FsCheck.Fluent;
using IotOps.Mqtt.Publishing;
using IotOps.Mqtt.Sessions;
using IotOps.Mqtt.Tests.Fakes;
using IotOps.TestKit;

namespace IotOps.Mqtt.Tests.Sessions;

/// <summary>A link on which bytes leave is not dead, however slowly they do.</summary>
public sealed class SlowLinkTests
{
    private readonly FakeBroker _broker = new();

    [Fact]
    public async Task A_publication_of_131_kB_at_1_kB_a_second_arrives_on_one_connection()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        link.Meter.IsSlow = true;
        Task publication = client.PublishAsync("large", new byte[131_000]).AsTask();
        SentPacket publish = await link.ReadAsync();
        int seconds = 0;
        while (link.Meter.Left < link.Meter.Taken)
        {
            link.Meter.Leave(1000);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
            client.State.Status.ShouldBe(MqttConnectionStatus.Connected, $"after {++seconds} s");
        }

        seconds.ShouldBeGreaterThan(130);
        await link.SendAsync(Packets.PubAck(publish.PacketId), Packets.PingResp);
        await publication.WaitAsync(FakeBroker.Patience, TimeProvider.System);
        _broker.Dials.ShouldBe(1);
    }

    [Fact]
    public async Task The_time_for_an_acknowledgement_begins_when_the_bytes_have_left()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync(_broker.Options() with { KeepAlive = TimeSpan.FromSeconds(1200), AcknowledgeTimeout = TimeSpan.FromSeconds(60) });
        await using MqttConnection _ = client;
        link.Meter.IsSlow = true;
        Task publication = client.PublishAsync("large", new byte[200_000]).AsTask();
        await link.ReadAsync();
        for (int i = 0; i < 200; i++)
        {
            link.Meter.Leave(1000);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
            link.HasPacket.ShouldBeFalse($"nothing is overdue after {i} s");
        }

        link.Meter.IsSlow = false;
        for (int i = 0; i < 75 && !link.HasPacket; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        (await link.ReadAsync()).Type.ShouldBe(12, "60 s after it has left");
        publication.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_link_that_takes_nothing_any_more_is_dead_as_soon_as_ever()
    {
        (MqttConnection client, FakeLink link) = await _broker.ConnectAsync();
        await using MqttConnection _ = client;
        link.Meter.IsSlow = true;
        Task publication = client.PublishAsync("large", new byte[131_000]).AsTask();
        await link.ReadAsync();
        for (int i = 0; i < 60; i++)
        {
            link.Meter.Leave(1000);
            await AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        client.State.Status.ShouldBe(MqttConnectionStatus.Connected);
        int seconds = 0;
        while (client.State.Connections == 1 && client.State.Status == MqttConnectionStatus.Connected && seconds < 60)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(1));
            seconds++;
        }

        // Half a keep-alive, and what the looks come late.
        seconds.ShouldBeInRange(15, 22);
        await _broker.WelcomeAsync(Packets.ConnAck(sessionPresent: true));
        publication.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public void While_bytes_leave_now_and_then_no_link_is_dead_and_when_the_ping_has_left_its_time_runs() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300),
            Prop.ForAll(
                (from interval in Gen.Choose(2, 1200)
                 from gaps in Gen.ListOf(Gen.Choose(1, 99))
                 select (interval, gaps)).ToArbitrary(),
                sample =>
                {
                    var time = new ManualTimeProvider();
                    var keepAlive = new KeepAlive(TimeSpan.FromSeconds(sample.interval), TimeSpan.FromDays(1), time);
                    TimeSpan ping = TimeSpan.FromSeconds(Math.Min(30, sample.interval / 2.0));
                    var sending = new SendActivity(Moved: 0, LeftWrite: 0, IsBehind: true, SentAt: 0, Oldest: null);
                    Step(keepAlive, time, sending, TimeSpan.FromSeconds(sample.interval * 0.9)).ShouldBeNull();
                    foreach (int percent in sample.gaps)
                    {
                        // Bytes leave, and then none for a part of the time that a ping has.
                        sending = sending with { Moved = sending.Moved + 1 };
                        Step(keepAlive, time, sending, ping * (percent / 100.0)).ShouldBeNull($"{percent} % of {ping}");
                    }

                    sending = sending with { Moved = sending.Moved + 1, LeftWrite = 7, IsBehind = false };
                    Step(keepAlive, time, sending, ping * 2).ShouldNotBeNull();
                }));

    [Fact]
    public async Task Over_a_real_socket_that_is_read_slowly_a_large_publication_arrives_on_one_connection()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var client = new MqttConnection(_broker.Options() with
        {
            Dial = null,
            Host = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port,
            Tls = null,
        });
        Task connecting = client.ConnectAsync();
        using Socket near = await listener.AcceptAsync();
        byte[] buffer = new byte[1000];
        (await near.ReceiveAsync(buffer)).ShouldBeGreaterThan(10);
        await near.SendAsync(Packets.ConnAck());
        await connecting.WaitAsync(FakeBroker.Patience, TimeProvider.System);
        Task publication = client.PublishAsync("large", new byte[131_000]).AsTask();

        // A second for a thousand bytes; by the clock of the client, so that the test takes no minutes.
        int received = 0;
        int packet = 131_000 + 5 + 7 + 3;
        while (received < packet)
        {
            int read = await near.ReceiveAsync(buffer);
            read.ShouldBeGreaterThan(0, $"the client hung up after {received} bytes");
            received += read;
            _broker.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await near.SendAsync(new byte[][] { Packets.PubAck(1), Packets.PingResp }.SelectMany(bytes => bytes).ToArray());
        await publication.WaitAsync(FakeBroker.Patience, TimeProvider.System);
        client.State.Connections.ShouldBe(1);
    }

    // Goes on by the steps that the keep-alive asks for; its error when it finds the link dead.
    private static MqttException? Step(KeepAlive keepAlive, ManualTimeProvider time, SendActivity sending, TimeSpan span)
    {
        while (true)
        {
            KeepAliveStep step = keepAlive.Next(sending, 0, 0);
            if (step.Error is { } error)
            {
                return error;
            }

            if (step.Ping)
            {
                keepAlive.Pinged(7);
            }

            if (span <= TimeSpan.Zero)
            {
                return null;
            }

            TimeSpan wait = step.Wait < span ? step.Wait : span;
            time.Advance(wait);
            span -= wait;
        }
    }

    // The keep-alive has looked when it waits again.
    private async Task AdvanceAsync(TimeSpan by)
    {
        await Eventually.TrueAsync(() => _broker.Time.ActiveTimers > 0);
        _broker.Time.Advance(by);
    }
}
