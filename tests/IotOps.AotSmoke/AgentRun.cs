using System.Diagnostics;
using System.Globalization;
using IotOps.Emulator;

namespace IotOps.AotSmoke;

/// <summary>One run of the native agent against the emulator.</summary>
internal sealed class AgentRun : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    /// <summary>Runs the agent with the emulator's keys.</summary>
    public AgentRun(string agent, AwsEmulator emulator, params string[] arguments)
        : this(new ProcessStartInfo(agent, arguments)
        {
            Environment =
            {
                ["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString(),
                ["AWS_ACCESS_KEY_ID"] = emulator.AccessKeyId,
                ["AWS_SECRET_ACCESS_KEY"] = emulator.SecretAccessKey,
                ["AWS_REGION"] = "eu-west-1",
            },
        })
    {
    }

    /// <summary>Runs what the caller prepared.</summary>
    public AgentRun(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        StartedAt = TimeProvider.System.GetTimestamp();
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync();
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>When the process was asked for, on the monotonic clock.</summary>
    public long StartedAt { get; }

    /// <summary>Resident memory, bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Asks for an orderly end.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for the end; what it printed and its exit code.</summary>
    public async Task<(int ExitCode, string Output, string Error)> WaitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
