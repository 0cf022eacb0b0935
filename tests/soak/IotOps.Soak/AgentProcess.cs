using System.Diagnostics;

namespace IotOps.Soak;

/// <summary>The real DeviceAgent in a process of its own.</summary>
internal sealed class AgentProcess : IDisposable
{
    private readonly Process _process;

    public AgentProcess(string agent, string config, Uri endpoint, string keyId, string secret, params string[] arguments)
    {
        var start = new ProcessStartInfo { UseShellExecute = false };
        if (agent.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            start.FileName = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet";
            start.ArgumentList.Add(agent);
        }
        else
        {
            start.FileName = agent;
        }

        foreach (string argument in (string[])["run", "--config", config, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["AWS_ENDPOINT_URL"] = endpoint.ToString();
        start.Environment["AWS_ACCESS_KEY_ID"] = keyId;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = secret;
        start.Environment["AWS_REGION"] = "us-east-1";
        _process = Process.Start(start)!;
    }

    /// <summary>True once the process is gone.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>SIGKILL: the process gets no chance to write anything.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits for an orderly end and tells the exit code.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
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
