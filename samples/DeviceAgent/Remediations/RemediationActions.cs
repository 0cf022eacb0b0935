using System.ComponentModel;
using System.Diagnostics;
using IotOps.Defender;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Remediations;

/// <summary>The remediations of the running agent.</summary>
internal sealed class RemediationActions(RemediationConfig? config, AgentLog log, DefenderPublisher? defender, CancellationTokenSource restart) : IRemediationActions
{
    public string? SetLogLevel(LogLevel level)
    {
        log.SetLevel(level);
        return null;
    }

    public string? ReportNow()
    {
        if (defender is null)
        {
            return "services.cloud.defender is false: nothing is reported here";
        }

        defender.ReportNow();
        return null;
    }

    public async Task<string?> StopServiceAsync(string service, CancellationToken cancellationToken)
    {
        if (config?.Services.Contains(service, StringComparer.Ordinal) != true)
        {
            return $"'{service}' is not among the services that may be stopped";
        }

        try
        {
            using Process process = Process.Start(new ProcessStartInfo(config.StopCommand[0], [.. config.StopCommand.Skip(1), service]) { UseShellExecute = false })!;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? null : throw new IOException($"{config.StopCommand[0]} ended with {process.ExitCode}");
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{config.StopCommand[0]} could not be run: {e.Message}", e);
        }
    }

    public void Restart() => restart.Cancel();
}
