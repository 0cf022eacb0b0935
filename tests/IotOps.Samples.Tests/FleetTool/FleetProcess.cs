using System.Diagnostics;
using IotOps.Emulator;
using IotOps.Samples.FleetTool;

namespace IotOps.Samples.Tests.FleetTool;

/// <summary>FleetTool as a process.</summary>
internal static class FleetProcess
{
    /// <summary>Runs it with a standard input.</summary>
    public static Task<(int Exit, string Output, string Error)> RunAsync(string input, params string[] args) => RunAsync(emulator: null, input, args);

    /// <summary>Runs it with a standard input, its AWS being an emulator.</summary>
    public static async Task<(int Exit, string Output, string Error)> RunAsync(AwsEmulator? emulator, string input, params string[] args)
    {
        using Process process = Start(emulator, args);
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Starts it, its AWS being an emulator.</summary>
    public static Process Start(AwsEmulator? emulator, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FleetCommands).Assembly.Location, .. args])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (emulator is not null)
        {
            start.Environment["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString();
            start.Environment["AWS_ACCESS_KEY_ID"] = emulator.AccessKeyId;
            start.Environment["AWS_SECRET_ACCESS_KEY"] = emulator.SecretAccessKey;
            start.Environment["AWS_REGION"] = "us-east-1";
        }

        return Process.Start(start)!;
    }
}
