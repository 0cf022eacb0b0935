using IotOps.Aws;
using IotOps.Detect;
using IotOps.Samples.CommandLine;
using IotOps.Samples.FleetTool.Trail;

namespace IotOps.Samples.FleetTool.Quarantine;

/// <summary>A runbook by the options of the command line, and what it works with.</summary>
internal sealed class RunbookSession : IAsyncDisposable
{
    private readonly FleetClients _clients;
    private readonly IQuarantineJournal? _journal;

    /// <exception cref="UsageException">No journal is named, or two.</exception>
    /// <exception cref="IOException">The journal cannot be used.</exception>
    public RunbookSession(CommandArguments arguments, bool isJournalled = true, Func<QuarantineRunbookOptions, QuarantineRunbookOptions>? change = null)
    {
        (string? directory, string? table) = (arguments["--journal"], arguments["--journal-table"]);
        if (isJournalled && directory is null == table is null)
        {
            throw new UsageException("give --journal DIRECTORY or --journal-table NAME");
        }

        _clients = new FleetClients(arguments["--aws-region"]);
        _journal = !isJournalled ? null : table is null ? new FileQuarantineJournal(directory!) : new DynamoQuarantineJournal(_clients.Dynamo, table);
        var options = new QuarantineRunbookOptions { Iot = _clients.Iot, IotData = _clients.IotData, Journal = _journal };
        Runbook = new QuarantineRunbook(change?.Invoke(options) ?? options);
    }

    /// <summary>Where the journal is.</summary>
    public static CommandOption[] Options { get; } =
    [
        new("--journal", "DIRECTORY", "Where it is written what was done: a directory of this machine,"),
        new("--journal-table", "NAME", "or a DynamoDB table with the keys violationId (text) and sequence (number)."),
        FleetClients.RegionOption,
    ];

    public QuarantineRunbook Runbook { get; }

    /// <exception cref="IOException">There is no such quarantine.</exception>
    public async Task<QuarantineStatus> StatusAsync(string violation) =>
        await Runbook.StatusAsync(violation) ?? throw new IOException($"The journal has no quarantine for violation '{violation}'.");

    public async Task<IReadOnlyList<QuarantineEntry>> EntriesAsync(string violation) => await _journal!.ReadAsync(violation);

    /// <summary>Runs a command; what the services or the disk refuse is a line on the error output.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("FleetTool: stopped");
            return 1;
        }
        catch (Exception e) when (e is AwsException or IOException or UnauthorizedAccessException or ArgumentException or FormatException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"FleetTool: {e.Message}");
            return 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_journal is not null)
        {
            await _journal.DisposeAsync();
        }

        _clients.Dispose();
    }
}
