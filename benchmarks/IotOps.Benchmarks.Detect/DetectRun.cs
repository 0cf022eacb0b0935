using System.Diagnostics;
using System.Globalization;
using System.Text;
using IotOps.Detect;

namespace IotOps.Benchmarks.Detect;

/// <summary>From the body of an SQS message to state that is committed in SQLite.</summary>
internal static class DetectRun
{
    private const int Batch = 200;

    // Room for several bodies of 13 KB. A larger buffer would be a large object, and large objects trigger full collections in the measured process.
    private const int Chunk = 64 * 1024;

    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);

    // By then the runtime has compiled what is called often.
    private const int WarmAfter = 10_000;

    private const string Profile = """
        {"securityProfileName":"bench","behaviors":[
        {"name":"ports","metric":"aws:listening-tcp-ports","criteria":{"comparisonOperator":"in-port-set","value":{"ports":[22,443,8883]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
        {"name":"bytes","metric":"aws:all-bytes-out","criteria":{"comparisonOperator":"less-than","value":{"count":100000},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
        {"name":"peers","metric":"aws:destination-ip-addresses","criteria":{"comparisonOperator":"in-cidr-set","value":{"cidrs":["10.0.0.0/8","192.168.0.0/16"]},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}},
        {"name":"connections","metric":"aws:num-established-tcp-connections","criteria":{"comparisonOperator":"less-than","value":{"count":1000},"consecutiveDatapointsToAlarm":1,"consecutiveDatapointsToClear":1}}]}
        """;

    /// <summary>Works on the bodies of a file, and prints the number of alarms' events, as the peer does.</summary>
    public static async Task FileAsync(string path, int things)
    {
        using var inbox = new BodyInbox(Lines(path));
        string directory = Directory.CreateTempSubdirectory("iotops-detect").FullName;
        try
        {
            using var process = Process.GetCurrentProcess();
            TimeSpan warm = default;
            DetectWorkerStatistics statistics = await RunAsync(inbox, directory, things, received =>
            {
                if (warm == default && received >= WarmAfter)
                {
                    process.Refresh();
                    warm = process.TotalProcessorTime;
                }
            });
            process.Refresh();
            Console.WriteLine(statistics.Alarms);
            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"warm: {(process.TotalProcessorTime - warm).TotalMicroseconds / (statistics.Received - WarmAfter):F1} us of CPU a body"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>A fleet of many things with a report of 20 connections each, and then another, and so on: what it costs and what it keeps.</summary>
    public static async Task SimulateAsync(int things, int reports)
    {
        string directory = Directory.CreateTempSubdirectory("iotops-detect").FullName;
        try
        {
            using var inbox = new BodyInbox(Bodies(things, reports));
            using var process = Process.GetCurrentProcess();
            long start = TimeProvider.System.GetTimestamp();
            DetectWorkerStatistics statistics = await RunAsync(inbox, directory, things);
            double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
            process.Refresh();
            long bytes = Directory.GetFiles(directory).Sum(file => new FileInfo(file).Length);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                {things:N0} things, {statistics.Events:N0} reports in {seconds:F1} s: {statistics.Events / seconds:N0} a second, {process.TotalProcessorTime.TotalMicroseconds / statistics.Events:F0} us of CPU each
                {statistics.Alarms:N0} alarms' events; the database has {bytes / (double)things:N0} bytes a thing; peak {process.PeakWorkingSet64 / 1e6:F0} MB
                """));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<DetectWorkerStatistics> RunAsync(BodyInbox inbox, string directory, int things, Action<long>? afterBatch = null)
    {
        await using SqliteDetectStore store = await SqliteDetectStore.OpenAsync(new SqliteDetectStoreOptions { Path = Path.Combine(directory, "detect.db") });
        var time = new MovedTime();
        using var worker = new DetectWorker(new DetectWorkerOptions
        {
            Inbox = inbox,
            Store = store,
            BatchSize = Batch,
            TimeProvider = time,
            Engine = new DetectEngine(new DetectEngineOptions { Profiles = [DetectProfile.Parse(Encoding.UTF8.GetBytes(Profile))] }),
        });
        long before = -1;
        while (worker.Statistics.Received != before)
        {
            before = worker.Statistics.Received;
            await worker.ReceiveAsync(CancellationToken.None);
            afterBatch?.Invoke(worker.Statistics.Received);

            // Each thing's next report comes five minutes later.
            time.Now = Start + (worker.Statistics.Received / things * TimeSpan.FromMinutes(5));
        }

        // What waited for a report before it.
        time.Now += TimeSpan.FromMinutes(2);
        await worker.DrainAsync(CancellationToken.None);
        return worker.Statistics;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        byte[] buffer = GC.AllocateUninitializedArray<byte>(Chunk);
        int filled = 0, read;
        while ((read = file.Read(buffer.AsSpan(filled))) > 0)
        {
            filled += read;
            int start = 0, length;
            while ((length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
            {
                yield return buffer.AsMemory(start, length);
                start += length + 1;
            }

            // The lines given out stay in the buffer that they were read into.
            byte[] next = GC.AllocateUninitializedArray<byte>(Chunk);
            buffer.AsSpan(start, filled - start).CopyTo(next);
            (buffer, filled) = (next, filled - start);
        }
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Bodies(int things, int reports)
    {
        for (int number = 0; number < reports; number++)
        {
            for (int thing = 0; thing < things; thing++)
            {
                long id = 1_750_000_000 + (300L * number);
                string connections = string.Join(',', Enumerable.Range(0, 20).Select(i => $$"""{"remote_addr":"10.{{thing % 200}}.{{i}}.7:443","local_port":{{40_000 + i}}}"""));
                int bytes = (thing + number) % 50 == 0 ? 200_000 : 1_000;
                string report = $$$"""{"header":{"report_id":{{{id}}},"version":"1.0"},"metrics":{"network_stats":{"bytes_in":1,"bytes_out":{{{bytes}}},"packets_in":1,"packets_out":1},"tcp_connections":{"established_connections":{"connections":[{{{connections}}}],"total":20} },"listening_tcp_ports":{"ports":[{"port":22},{"port":443}],"total":2} } }""";
                yield return Encoding.ASCII.GetBytes($$"""{"report":"{{Convert.ToBase64String(Encoding.ASCII.GetBytes(report))}}","thing":"thing-{{thing}}","time":{{id * 1000}}}""");
            }
        }
    }

    private sealed class MovedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
