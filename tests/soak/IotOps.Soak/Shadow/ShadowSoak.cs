using System.Globalization;
using System.Text.Json.Nodes;

namespace IotOps.Soak.Shadow;

/// <summary>Edits without a network, an agent that is killed, and a look at what is still there after each kill.</summary>
internal sealed class ShadowSoak(SoakOptions options)
{
    private const int Editors = 4;

    private readonly string _directory = Directory.CreateTempSubdirectory("iotops-soak-").FullName;
    private readonly EditLedger _ledger = new(Editors);
    private readonly List<string> _faults = [];

    public async Task<bool> RunAsync()
    {
        // Nobody listens on the discard port of this machine: the agent is offline throughout.
        await File.WriteAllTextAsync(
            PathOf("agent.json5"),
            "{ thing: 'soak', state: 'state', trace: { path: 'agent.log' }, services: { cloud: { logs: false, shadow: true } }, "
            + "mqtt: { endpoint: '127.0.0.1', port: 9, transport: 'tcp' } }");

        var random = new Random(options.Seed);
        for (int kill = 0; kill < options.Kills && _faults.Count == 0; kill++)
        {
            await RunOnceAsync(options.LongestRun * random.NextDouble(), kill);
            if (!Console.IsOutputRedirected)
            {
                Console.Write($"\r{kill + 1}/{options.Kills} kills, {_ledger.Answered} edits ");
            }
        }

        await RunOnceAsync(after: null, options.Kills);
        return Report();
    }

    // Starts the agent, looks, edits until it is killed; null looks only.
    private async Task RunOnceAsync(TimeSpan? after, int run)
    {
        using AgentProcess agent = new(options.Agent, PathOf("agent.json5"), new Uri("http://127.0.0.1:9"), "unused", "unused");
        Task killing = after is { } wait ? KillAsync(agent, wait, run) : Task.CompletedTask;
        using (AgentSocket? socket = await AgentSocket.ConnectAsync(PathOf("state/shadow.sock"), agent))
        {
            if (socket is not null && await socket.AskAsync([]) is { } answer)
            {
                Check(answer, run);
                if (after is not null)
                {
                    await Task.WhenAll(Enumerable.Range(0, Editors).Select(editor => EditAsync(editor, agent)));
                }
            }
            else if (after is null)
            {
                _faults.Add($"the last run gave no answer; see {PathOf("agent.log")}");
            }
        }

        await killing;
        if (after is null)
        {
            await agent.KillAsync();
        }
    }

    private async Task KillAsync(AgentProcess agent, TimeSpan after, int run)
    {
        await Task.Delay(after, TimeProvider.System);
        if (agent.HasExited)
        {
            _faults.Add($"the agent ended by itself in run {run}; see {PathOf("agent.log")}");
        }

        await agent.KillAsync();
    }

    private async Task EditAsync(int editor, AgentProcess agent)
    {
        using AgentSocket? socket = await AgentSocket.ConnectAsync(PathOf("state/shadow.sock"), agent);
        while (socket is not null)
        {
            int number = _ledger.Next(editor);
            JsonNode? answer = await socket.AskAsync(new JsonObject
            {
                ["section"] = "reported",
                ["path"] = $"editor{editor}",
                ["value"] = new JsonObject { ["number"] = number, ["text"] = Text(number) },
            });
            if (answer is null)
            {
                return;
            }

            if (answer["error"] is { } error)
            {
                _faults.Add($"an edit was refused: {error}");
                return;
            }

            _ledger.Answer(editor, number);
        }
    }

    private void Check(JsonNode answer, int run)
    {
        JsonNode? reported = answer["value"]?["reported"];
        for (int editor = 0; editor < Editors; editor++)
        {
            JsonNode? value = reported?[$"editor{editor}"];
            int found = value?["number"]?.GetValue<int>() ?? 0;
            if (_ledger.Check(editor, found) is { } fault)
            {
                _faults.Add($"run {run}: {fault}");
            }
            else if (value is not null && value["text"]?.GetValue<string>() != Text(found))
            {
                _faults.Add($"run {run}: the text of edit {found} of editor {editor} is another");
            }
        }
    }

    // Lengths from nothing to a few hundred bytes, so that records end anywhere in a block.
    private static string Text(int number) => new((char)('a' + (number % 26)), (int)(number * 2654435761L % 400));

    private bool Report()
    {
        bool passed = _faults.Count == 0;
        foreach (string fault in _faults.Take(20))
        {
            Console.WriteLine(fault);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"shadow: {options.Kills} kills, {_ledger.Answered} answered edits, {_faults.Count} faults, seed {options.Seed}: {(passed ? "passed" : $"FAILED, see {_directory}")}"));
        if (passed)
        {
            Directory.Delete(_directory, recursive: true);
        }

        return passed;
    }

    private string PathOf(string name) => Path.Combine(_directory, name);
}
