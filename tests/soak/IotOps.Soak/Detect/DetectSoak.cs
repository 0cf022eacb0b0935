using System.Diagnostics;

namespace IotOps.Soak.Detect;

/// <summary>
/// Three workers share an inbox and a store; one is killed every second and started again. The alarms must be those of an undisturbed run, and no
/// more may come twice than one batch a kill.
/// </summary>
internal sealed class DetectSoak(DetectSoakSetup setup, int kills, int seed)
{
    public const int BatchSize = 50;

    private const int Workers = 3;
    // A thing has at most 16 reports that wait; here they come a thousand times as fast as a device sends them.
    private const int Reports = 12;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(180);

    /// <summary>Long enough for a message that several workers in a row were killed with.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<bool> RunAsync()
    {
        var random = new Random(seed);
        int things = Math.Max(100, kills * 25);
        var fleet = new SoakFleet(things, Reports, random);
        HashSet<string> expected = fleet.Expected(Patience);
        (_, Func<IReadOnlyList<byte[]>, Task> send) = await setup.OpenInboxAsync();
        await using IotOps.Detect.IDetectStore store = await setup.OpenStoreAsync();
        List<byte[]> messages = fleet.Messages();
        Console.WriteLine($"seed {seed}: {messages.Count} messages of {things} things, {expected.Count} alarms' events, {kills} kills of {Workers} workers");

        Process[] workers = [.. Enumerable.Range(0, Workers).Select(_ => Start())];
        try
        {
            // A part of the messages between two kills, so that there is work at each of them.
            byte[][][] parts = [.. messages.Chunk((messages.Count / (kills + 1)) + 1)];
            for (int i = 0; i <= kills; i++)
            {
                if (i < parts.Length)
                {
                    await send(parts[i]);
                }

                if (i < kills)
                {
                    await Task.Delay(Every, TimeProvider.System);
                    int which = random.Next(Workers);
                    workers[which].Kill();
                    await workers[which].WaitForExitAsync();
                    workers[which].Dispose();
                    workers[which] = Start();
                }
            }

            await WaitAsync(expected);
            return Judge(expected);
        }
        finally
        {
            foreach (Process worker in workers)
            {
                worker.Kill();
                worker.Dispose();
            }
        }
    }

    private Process Start() => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath!,
        [.. Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? new[] { typeof(DetectSoak).Assembly.Location } : [], "detect-worker", .. setup.ToArguments()]))!;

    private string[] Lines() => [.. setup.AllAlarms.SelectMany(file =>
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    })];

    private async Task WaitAsync(HashSet<string> expected)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!expected.IsSubsetOf(Lines()) && TimeProvider.System.GetElapsedTime(start) < LongestEnd)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
    }

    private bool Judge(HashSet<string> expected)
    {
        string[] lines = Lines();
        HashSet<string> seen = new(lines, StringComparer.Ordinal);
        int missing = expected.Count(id => !seen.Contains(id)), unexpected = seen.Count(id => !expected.Contains(id)), repeated = lines.Length - seen.Count;
        Console.WriteLine($"{seen.Count} alarms' events, {missing} missing, {unexpected} that an undisturbed run has not, {repeated} twice (allowed: {kills * BatchSize})");
        return missing == 0 && unexpected == 0 && repeated <= kills * BatchSize;
    }
}
