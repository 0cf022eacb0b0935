using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IotOps.TestKit;

namespace IotOps.Shared.Tests;

public sealed class AddressRaceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly IPAddress[] V6AndV4 = [.. new[] { "2001:db8::1", "2001:db8::2", "192.0.2.1" }.Select(IPAddress.Parse)];

    private readonly ManualTimeProvider _time = new();
    private readonly ConcurrentQueue<IPAddress> _tried = new();
    private readonly ConcurrentDictionary<IPAddress, TaskCompletionSource<Socket>> _answers = new();
    private readonly List<Socket> _sockets = [];

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    [Fact]
    public async Task A_silent_first_address_costs_a_quarter_of_a_second_and_is_tried_last_next_time()
    {
        AddressRace race = Race(V6AndV4);
        Task<Socket> connecting = race.ConnectAsync("host", 1, CancellationToken.None).AsTask();
        await TriedAsync(1);
        _time.Advance(TimeSpan.FromMilliseconds(249));
        _tried.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await TriedAsync(2);
        Answer(V6AndV4[2]);
        await connecting.WaitAsync(Patience, TimeProvider.System);
        _tried.ToArray().ShouldBe([V6AndV4[0], V6AndV4[2]], "the families take turns");
        _tried.Clear();
        _answers.Clear();
        Task<Socket> again = race.ConnectAsync("host", 1, CancellationToken.None).AsTask();
        await TriedAsync(1);
        _tried.ToArray().ShouldBe([V6AndV4[2]], "what answered goes before what did not");
        Answer(V6AndV4[2]);

        await again.WaitAsync(Patience, TimeProvider.System);
    }

    [Fact]
    public async Task A_refused_address_is_passed_over_at_once_and_when_all_are_the_first_error_is_told()
    {
        AddressRace race = Race(V6AndV4);
        Task<Socket> connecting = race.ConnectAsync("host", 1, CancellationToken.None).AsTask();
        for (int i = 0; i < 3; i++)
        {
            await EventuallyAsync(() => _tried.Count == i + 1);
            _answers[_tried.Last()].SetException(new SocketException((int)(i == 0 ? SocketError.ConnectionRefused : SocketError.NetworkUnreachable)));
        }

        SocketException error = await Should.ThrowAsync<SocketException>(() => connecting.WaitAsync(Patience, TimeProvider.System));
        error.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    [Fact]
    public async Task An_address_that_connects_and_comes_to_nothing_is_tried_last_and_first_again_when_it_works()
    {
        IPAddress[] two = [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("192.0.2.2")];
        AddressRace race = Race(two);
        (await FirstTriedAsync(race)).ShouldBe(two[0]);
        race.Failed(two[0]);
        (await FirstTriedAsync(race)).ShouldBe(two[1]);
        race.Failed(two[1]);
        (await FirstTriedAsync(race)).ShouldBe(two[0]);
        race.Succeeded(two[0]);
        (await FirstTriedAsync(race)).ShouldBe(two[0]);
    }

    [Fact]
    public async Task Time_that_runs_out_ends_all_attempts_and_a_late_one_is_closed()
    {
        AddressRace race = Race(V6AndV4);
        using var stop = new CancellationTokenSource();
        Task<Socket> connecting = race.ConnectAsync("host", 1, stop.Token).AsTask();
        await TriedAsync(1);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => connecting.WaitAsync(Patience, TimeProvider.System));
        Socket late = Answer(V6AndV4[0]);

        await EventuallyAsync(() => late.SafeHandle.IsClosed);
    }

    [Fact]
    public async Task A_real_address_that_drops_every_SYN_hides_no_other()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux drops what comes to a full queue");
        using BlackHole hole = await BlackHole.OpenAsync();
        var second = IPAddress.Parse("127.0.0.2");
        using Socket open = hole.Beside(second);
        var race = new AddressRace(TimeProvider.System, (_, _) => Task.FromResult<IPAddress[]>([BlackHole.Address, second]));
        using Socket connected = await race.ConnectAsync("host", hole.Port, CancellationToken.None).AsTask().WaitAsync(Patience, TimeProvider.System);

        ((IPEndPoint)connected.RemoteEndPoint!).Address.ShouldBe(second);
    }

    private AddressRace Race(IPAddress[] addresses) => new(
        _time,
        (_, _) => Task.FromResult(addresses),
        (endPoint, _) =>
        {
            TaskCompletionSource<Socket> answer = _answers.GetOrAdd(endPoint.Address, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
            _tried.Enqueue(endPoint.Address);
            return new ValueTask<Socket>(answer.Task);
        });

    private async Task<IPAddress> FirstTriedAsync(AddressRace race)
    {
        _tried.Clear();
        _answers.Clear();
        Task<Socket> connecting = race.ConnectAsync("host", 1, CancellationToken.None).AsTask();
        await TriedAsync(1);
        Answer(_tried.First());
        await connecting.WaitAsync(Patience, TimeProvider.System);
        return _tried.First();
    }

    private Socket Answer(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        _answers[address].SetResult(socket);
        return socket;
    }

    private async Task TriedAsync(int count)
    {
        await EventuallyAsync(() => _tried.Count >= count && _time.ActiveTimers == 1);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            (TimeProvider.System.GetElapsedTime(start) < Patience).ShouldBeTrue("it did not happen in time");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }
}
