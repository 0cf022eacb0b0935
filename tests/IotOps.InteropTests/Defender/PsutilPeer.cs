using System.Diagnostics;
using System.Text.Json.Nodes;

namespace IotOps.InteropTests.Defender;

/// <summary>A running psutil, in this network namespace or one of its own. It ends with its standard input, so also with this process.</summary>
internal sealed class PsutilPeer : IAsyncDisposable
{
    private readonly Process _process;

    private PsutilPeer(Process process) => _process = process;

    public int ProcessId { get; private set; }

    /// <summary>Starts it; null when the system does not let us have a namespace.</summary>
    public static async Task<PsutilPeer?> StartAsync(string python, bool inOwnNamespace = false)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "Defender", "psutil_report.py");
        ProcessStartInfo start = inOwnNamespace ? new("unshare", ["-n", python, script, "namespace"]) : new(python, [script]);
        start.UseShellExecute = false;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        var peer = new PsutilPeer(Process.Start(start)!);
        string? ready = await peer._process.StandardOutput.ReadLineAsync();
        if (ready is null)
        {
            await peer.DisposeAsync();
            return inOwnNamespace ? null : throw new InvalidOperationException($"{script} did not start.");
        }

        peer.ProcessId = int.Parse(ready.Split(' ')[1]);
        return peer;
    }

    /// <summary>What psutil sees now.</summary>
    public async Task<JsonNode> ReportAsync() => JsonNode.Parse(await AskAsync("report"))!;

    public async Task<string> AskAsync(string what)
    {
        await _process.StandardInput.WriteLineAsync(what);
        await _process.StandardInput.FlushAsync();
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The peer ended at '{what}'.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (!_process.HasExited)
        {
            // One that churns does not look at its input.
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
