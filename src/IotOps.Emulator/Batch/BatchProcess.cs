using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace IotOps.Emulator.Batch;

/// <summary>Runs a job's command as a process of this machine: SIGTERM when it is to end, SIGKILL when it does not.</summary>
internal static partial class BatchProcess
{
    private const int MaxOutputChars = 64 << 10;
    private const int Sigterm = 15;
    private const int ExitCannotRun = 127;

    public static async Task<(int ExitCode, string Output)> RunAsync(
        BatchJobDefinition definition, BatchJobRun run, TimeProvider timeProvider, CancellationToken stop)
    {
        string[] command = [.. definition.EntryPoint, .. run.Command];
        if (command.Length == 0)
        {
            return (ExitCannotRun, "The job definition has neither Run nor EntryPoint nor Command.");
        }

        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in run.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        var output = new StringBuilder();
        process.OutputDataReceived += (_, line) => Append(output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return (ExitCannotRun, $"'{command[0]}' cannot be started: {e.Message}");
        }

        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(process, definition.StopTimeout, timeProvider).ConfigureAwait(false);
        }

        lock (output) { return (process.ExitCode, output.ToString()); }
    }

    private static async Task EndAsync(Process process, TimeSpan stopTimeout, TimeProvider timeProvider)
    {
        if (OperatingSystem.IsWindows())
        {
            process.Kill(entireProcessTree: true);
        }
        else
        {
            _ = Kill(process.Id, Sigterm);
        }

        using var timeout = new CancellationTokenSource(stopTimeout, timeProvider);
        try
        {
            await process.WaitForExitAsync(timeout.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (output)
        {
            output.Append(line).Append('\n');
            if (output.Length > MaxOutputChars)
            {
                output.Remove(0, output.Length - MaxOutputChars);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int processId, int signal);
}
