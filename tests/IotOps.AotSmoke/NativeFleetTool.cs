using System.Diagnostics;
using System.Runtime.InteropServices;
using IotOps.Emulator;

namespace IotOps.AotSmoke;

/// <summary>FleetTool as a native binary.</summary>
public sealed class NativeFleetTool : IAsyncLifetime
{
    private string _path = "";

    /// <summary>What the publishing printed.</summary>
    public string PublishOutput { get; private set; } = "";

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        (int code, PublishOutput) = await RunAsync("dotnet", ["publish", "samples/FleetTool", "-r", rid, "-c", "Release", "--nologo"], "");
        code.ShouldBe(0, PublishOutput);
        _path = Path.Combine(Repository.Root, "artifacts", "publish", "FleetTool", $"release_{rid}", "FleetTool");
    }

    /// <summary>Runs it with a standard input; returns its exit code and standard output.</summary>
    public Task<(int Code, string Output)> RunAsync(string input, params string[] arguments) => RunAsync(_path, arguments, input);

    /// <summary>Runs it with an emulator as its AWS.</summary>
    public Task<(int Code, string Output)> RunAsync(AwsEmulator emulator, params string[] arguments) => RunAsync(_path, arguments, "", emulator);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static async Task<(int Code, string Output)> RunAsync(string program, IEnumerable<string> arguments, string input, AwsEmulator? emulator = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (emulator is not null)
        {
            start.Environment["AWS_ENDPOINT_URL"] = emulator.Endpoint.ToString();
            start.Environment["AWS_ACCESS_KEY_ID"] = emulator.AccessKeyId;
            start.Environment["AWS_SECRET_ACCESS_KEY"] = emulator.SecretAccessKey;
            start.Environment["AWS_REGION"] = "us-east-1";
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output);
    }
}
