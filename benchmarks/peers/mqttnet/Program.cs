using System.Globalization;
using IotOps.InteropTests.Peers;
using MqttPeers;

// Publications a second of IotOps.Mqtt beside MQTTnet and a bare socket, on a mosquitto that this program starts: MqttPeers [ROUNDS].
// They take turns, so that all three see the same machine; a ratio is the median of the rounds' own.
int rounds = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 9;
string configuration = Path.GetTempFileName();
await using PeerServer mosquitto = await PeerServer.StartAsync(port =>
{
    File.WriteAllText(configuration, $"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_inflight_messages 0\nmax_queued_messages 0\nset_tcp_nodelay true\n");
    return [File.Exists("/usr/sbin/mosquitto") ? "/usr/sbin/mosquitto" : "mosquitto", "-c", configuration];
});
await using Publishers publishers = await Publishers.ConnectAsync(mosquitto.Port);

Case[] cases =
[
    new("QoS 0, one after the other", 60_000, n => publishers.OursQoS0Async(n, 1), n => publishers.PeerQoS0Async(n, 1), publishers.RawQoS0Async),
    new("QoS 0, 16 publishers", 60_000, n => publishers.OursQoS0Async(n, 16), n => publishers.PeerQoS0Async(n, 16), publishers.RawQoS0Async),
    new("QoS 1, one after the other", 10_000, n => publishers.OursQoS1Async(n, 1), n => publishers.PeerQoS1Async(n, 1), n => publishers.RawQoS1Async(n, 1)),
    new("QoS 1, window 20", 20_000, n => publishers.OursQoS1Async(n, 20), n => publishers.PeerQoS1Async(n, 20), n => publishers.RawQoS1Async(n, 20)),
];
string load = OperatingSystem.IsLinux() ? (await File.ReadAllTextAsync("/proc/loadavg")).Trim() : "unknown";
Console.WriteLine($"128 B, {rounds} rounds, {Environment.ProcessorCount} cores, load average before {load}");
Console.WriteLine();
Console.WriteLine("| 128 B | MQTTnet/s | IotOps/s | socket/s | IotOps : MQTTnet | IotOps : socket | MQTTnet B/message | IotOps B/message |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
foreach (Case each in cases)
{
    foreach (Func<int, Task> run in each.Runs)
    {
        await run(each.Count / 5);
    }

    List<Figures> seen = [];
    for (int round = 0; round < rounds; round++)
    {
        // Whoever goes first differs from round to round: the broker is warmer for those after it.
        Measured[] measured = new Measured[3];
        for (int i = 0; i < measured.Length; i++)
        {
            int which = (round + i) % measured.Length;
            measured[which] = await MeasureAsync(each.Runs[which], each.Count);
        }

        seen.Add(new Figures(measured[0], measured[1], measured[2]));
    }

    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {each.Name} | {Median(seen, f => f.Peer.Rate):0} | {Median(seen, f => f.Ours.Rate):0} | {Median(seen, f => f.Raw.Rate):0} | {Median(seen, f => f.Ours.Rate / f.Peer.Rate):0.00} | {Median(seen, f => f.Ours.Rate / f.Raw.Rate):0.00} | {Median(seen, f => f.Peer.Bytes):0} | {Median(seen, f => f.Ours.Bytes):0} |"));
}

File.Delete(configuration);

static async Task<Measured> MeasureAsync(Func<int, Task> run, int count)
{
    long bytes = GC.GetTotalAllocatedBytes(precise: true);
    long start = TimeProvider.System.GetTimestamp();
    await run(count);
    TimeSpan took = TimeProvider.System.GetElapsedTime(start);
    return new Measured(count / took.TotalSeconds, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)count);
}

static double Median(List<Figures> seen, Func<Figures, double> of)
{
    double[] values = [.. seen.Select(of).Order()];
    return values[values.Length / 2];
}
