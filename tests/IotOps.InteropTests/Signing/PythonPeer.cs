using System.Diagnostics;

namespace IotOps.InteropTests.Signing;

/// <summary>A Python that has botocore, when this machine has one.</summary>
internal static class PythonPeer
{
    /// <summary>Runs a script in one process: text in, text out. Skips the test where the peer is missing; on CI it may not be.</summary>
    public static async Task<string> RunBotocoreAsync(string script, string input)
    {
        foreach (string python in (string[])["python3", "/usr/bin/python3"])
        {
            if ((await RunAsync(python, ["-c", "import botocore"], string.Empty)).ExitCode == 0)
            {
                (int exitCode, string output, string error) = await RunAsync(python, ["-c", script], input);
                return exitCode == 0 ? output : throw new InvalidOperationException($"botocore failed: {error}");
            }
        }

        if (string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("No python3 with botocore here: install it (pip install botocore, or the package python3-botocore).");
        }

        Assert.Skip("No python3 with botocore here.");
        return string.Empty;
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output, await error);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (-1, string.Empty, e.Message);
        }
    }
}
