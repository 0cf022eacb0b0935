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
    private const int Things = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(180);

    /// <summary>Long enough for a message that several workers in a row were killed with.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public async Task<bool> RunAsync()
    {
        var random = new Random(seed);
        var fleet = new SoakFleet(Things, reports: Math.Max(12, kills * 3), random);
        HashSet<string> expected = fleet.Expected(Patience);
        (_, Func<IReadOnlyList<byte[]>, Task> send) = await setup.OpenInboxAsync();
        await using IotOps.Detect.IDetectStore store = await setup.OpenStoreAsync();
        List<byte[]> messages = fleet.Messages();
        Console.WriteLine($"seed {seed}: {messages.Count} messages of {Things} things, {expected.Count} alarms' events, {kills} kills of {Workers} workers");

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

    private string[] Lines()
    {
        if (!File.Exists(setup.Alarms))
        {
            return [];
        }

        using var reader = new StreamReader(new FileStream(setup.Alarms, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

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
