using System.Globalization;
using IotOps.Emulator;

namespace IotOps.Soak.Logs;

/// <summary>Logs that rotate, an agent that is killed, and the count at the end.</summary>
internal sealed class LogSoak(SoakOptions options)
{
    private const string Group = "soak";
    private static readonly string[] Streams = ["rename", "copytruncate", "delete"];

    // The state directory and the agent's messages stay behind when the soak fails.
    private readonly string _directory = Directory.CreateTempSubdirectory("iotops-soak-").FullName;

    public async Task<bool> RunAsync()
    {
        await using AwsEmulator emulator = await AwsEmulator.StartAsync();

        // Requests that are refused or slow hold the window open in which a checkpoint that moves too early loses data.
        using FaultHandle refused = emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Every = 3, Status = 503 });
        using FaultHandle slow = emulator.Faults.Add(new Fault { Operation = "PutLogEvents", Every = 4, Delay = TimeSpan.FromMilliseconds(60) });

        var ledger = new Ledger(emulator, Group, Streams);
        RotatingLog[] logs =
        [
            new RenamedLog(PathOf("rename"), "rename", ledger, options.Seed),
            new CopyTruncatedLog(PathOf("copytruncate"), "copytruncate", ledger, options.Seed + 1),
            new DeletedLog(PathOf("delete"), "delete", ledger, options.Seed + 2),
        ];
        WriteConfig();

        using var stop = new CancellationTokenSource();
        Task writing = Task.WhenAll(logs.Select(l => Task.Run(() => l.RunAsync(stop.Token))));
        await KillAgainAndAgainAsync(emulator, ledger);
        await stop.CancelAsync();
        await writing;

        refused.Dispose();
        slow.Dispose();
        bool ended = await FinishAsync(emulator, ledger);
        return Report(ledger, logs.Sum(l => l.Rotations), ended);
    }

    private async Task KillAgainAndAgainAsync(AwsEmulator emulator, Ledger ledger)
    {
        var random = new Random(options.Seed);
        for (int kill = 0; kill < options.Kills; kill++)
        {
            using AgentProcess agent = Start(emulator);
            await Task.Delay(options.LongestRun * random.NextDouble(), TimeProvider.System);
            if (agent.HasExited)
            {
                ledger.Faults.Add($"the agent ended by itself in run {kill}; see {PathOf("agent.log")}");
            }

            await agent.KillAsync();

            // Time for a request in a socket's buffer to arrive, and for a rotation while no agent runs.
            await Task.Delay(TimeSpan.FromMilliseconds(30 + random.Next(300)), TimeProvider.System);
            ledger.EndRun();
            if (!Console.IsOutputRedirected)
            {
                Console.Write($"\r{kill + 1}/{options.Kills} kills, {ledger.Written} records ");
            }
        }
    }

    private async Task<bool> FinishAsync(AwsEmulator emulator, Ledger ledger)
    {
        using AgentProcess agent = Start(emulator, "--until-idle", "2s");
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        try
        {
            int code = await agent.WaitAsync(limit.Token);
            if (code != 0)
            {
                ledger.Faults.Add($"the last run ended with exit code {code}; see {PathOf("agent.log")}");
            }

            return code == 0;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            ledger.Faults.Add($"the last run was not idle after a minute; see {PathOf("agent.log")}");
            await agent.KillAsync();
            return false;
        }
        finally
        {
            ledger.EndRun();
        }
    }

    private bool Report(Ledger ledger, int rotations, bool ended)
    {
        IReadOnlyList<string> lost = ledger.Lost();
        bool passed = ended && lost.Count == 0 && ledger.Faults.Count == 0;
        foreach (string line in lost.Take(10).Select(l => $"lost: {l}").Concat(ledger.Faults.Take(20)))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"logs: {options.Kills} kills, {rotations} rotations, {ledger.Written} records: {lost.Count} lost, {ledger.SentTwice} sent twice (at most {ledger.LargestRepeat} in one stream by one kill), {ledger.Faults.Count} faults, seed {options.Seed}: {(passed ? "passed" : $"FAILED, see {_directory}")}"));
        if (passed)
        {
            Directory.Delete(_directory, recursive: true);
        }

        return passed;
    }

    private AgentProcess Start(AwsEmulator emulator, params string[] arguments) => new(
        options.Agent, PathOf("agent.json5"), emulator.Endpoint, emulator.AccessKeyId, emulator.SecretAccessKey, arguments);

    private void WriteConfig()
    {
        IEnumerable<string> files = Streams.Select(s => $"{{ path: '{s}/app.log*', group: '{Group}', stream: '{s}' }},");
        File.WriteAllText(
            PathOf("agent.json5"),
            $"{{ state: 'state', trace: {{ path: 'agent.log' }}, logs: {{ flush: '200ms', files: [ {string.Join(' ', files)} ] }} }}");
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
