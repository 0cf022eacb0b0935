using System.ComponentModel;
using System.Diagnostics;

namespace IotOps.InteropTests.Peers;

/// <summary>Runs a peer to its end.</summary>
public static class PeerCommand
{
    /// <summary>Runs and returns what it wrote; fails the test when it ends with another code than 0.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        PeerResult result = await TryRunAsync(program, arguments, environment);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}:\n{result.Error}{result.Output}");
    }

    /// <summary>Runs; an exit code of -1 says that there is no such program.</summary>
    public static async Task<PeerResult> TryRunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> error = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return new PeerResult(process.ExitCode, await output, await error);
        }
        catch (Win32Exception e)
        {
            return new PeerResult(-1, "", e.Message);
        }
    }
}
