using System.Globalization;
using System.Net;
using IotOps.Mqtt;

namespace IotOps.Benchmarks.Mqtt;

/// <summary>
/// Publications a second of <see cref="MqttConnection"/> beside a bare socket, on a broker that runs already, taken in turns so that both see
/// the same machine: <c>IotOps.Benchmarks mqtt PORT [ROUNDS]</c>.
/// </summary>
internal static class MqttThroughput
{
    private const string Topic = "devices/THING00001/telemetry";
    private const int Window = 20;

    public static async Task<int> RunAsync(int port, int rounds)
    {
        byte[] payload = new byte[128];
        Random.Shared.NextBytes(payload);
        await using var client = new MqttConnection(new MqttConnectionOptions
        {
            Host = IPAddress.Loopback.ToString(),
            Port = port,
            Tls = null,
            ClientId = "bench-ours",
            CleanStart = true,
            Limits = MqttLimits.None,
        });
        await client.ConnectAsync();
        using var raw = new RawPublisher();
        await raw.ConnectAsync(port, "bench-raw");

        (string Name, int Count, Func<int, Task> Ours, Func<int, Task> Raw)[] cases =
        [
            ("QoS 0, one after the other", 100_000, n => QoS0Async(client, n, payload, 1), n => raw.QoS0Async(n, Topic, payload)),
            ("QoS 0, 16 publishers", 100_000, n => QoS0Async(client, n, payload, 16), n => raw.QoS0Async(n, Topic, payload)),
            ("QoS 1, one after the other", 20_000, n => QoS1Async(client, n, payload, 1), n => raw.QoS1Async(n, 1, Topic, payload)),
            ("QoS 1, window 20", 50_000, n => QoS1Async(client, n, payload, Window), n => raw.QoS1Async(n, Window, Topic, payload)),
        ];
        Console.WriteLine("| 128 B                        |   ours/s |    raw/s | ours/raw | B/message |");
        Console.WriteLine("|------------------------------|---------:|---------:|---------:|----------:|");
        foreach ((string name, int count, Func<int, Task> ours, Func<int, Task> other) in cases)
        {
            await ours(count / 10);
            await other(count / 10);
            List<double> ourRates = [], rawRates = [], ratios = [], bytes = [];
            for (int round = 0; round < rounds; round++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                ourRates.Add(await RateAsync(ours, count));
                bytes.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count);
                rawRates.Add(await RateAsync(other, count));
                ratios.Add(ourRates[^1] / rawRates[^1]);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name,-28} | {Median(ourRates),8:0} | {Median(rawRates),8:0} | {Median(ratios),8:0.00} | {Median(bytes),9:0.0} |"));
        }

        return 0;
    }

    private static async Task QoS0Async(MqttConnection client, int count, byte[] payload, int publishers)
    {
        await Task.WhenAll(Enumerable.Range(0, publishers).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < count / publishers; i++)
            {
                await client.PublishAsync(Topic, payload, MqttQualityOfService.AtMostOnce);
            }
        })));

        // The broker acknowledges when it has taken all of them.
        await client.PublishAsync(Topic, payload);
    }

    private static Task QoS1Async(MqttConnection client, int count, byte[] payload, int window) =>
        Task.WhenAll(Enumerable.Range(0, window).Select(_ => Task.Run(async () =>
        {
            for (int i = 0; i < count / window; i++)
            {
                await client.PublishAsync(Topic, payload);
            }
        })));

    private static async Task<double> RateAsync(Func<int, Task> run, int count)
    {
        long start = TimeProvider.System.GetTimestamp();
        await run(count);
        return count / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
