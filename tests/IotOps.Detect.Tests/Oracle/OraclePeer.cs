using System.Diagnostics;
using System.Text.Json;

namespace IotOps.Detect.Tests.Oracle;

/// <summary>tests/oracles/detect.py: the same rules in another language, by the guide.</summary>
internal static class OraclePeer
{
    private static readonly string[] Pythons = ["python3", "/usr/bin/python3"];

    /// <summary>What the oracle answers to each case, in order.</summary>
    public static async Task<IReadOnlyList<JsonElement>> AnswersAsync(IReadOnlyList<DetectCase> cases)
    {
        using Process python = Start() ?? throw new InvalidOperationException("No python3 here.");
        Task<string> answers = python.StandardOutput.ReadToEndAsync();
        Task<string> errors = python.StandardError.ReadToEndAsync();
        foreach (DetectCase one in cases)
        {
            using var line = new MemoryStream();
            using (var json = new Utf8JsonWriter(line))
            {
                one.WriteTo(json);
            }

            line.WriteByte((byte)'\n');
            await python.StandardInput.BaseStream.WriteAsync(line.ToArray());
        }

        python.StandardInput.Close();
        await python.WaitForExitAsync();
        python.ExitCode.ShouldBe(0, await errors);
        return [.. (await answers).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static Process? Start()
    {
        foreach (string python in Pythons)
        {
            try
            {
                return Process.Start(new ProcessStartInfo(python, [Script()])
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                });
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Another name, perhaps.
            }
        }

        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", "No python3 here.");
        return null;
    }

    private static string Script()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string script = Path.Combine(at.FullName, "tests", "oracles", "detect.py");
            if (File.Exists(script))
            {
                return script;
            }
        }

        throw new InvalidOperationException($"No tests/oracles/detect.py above {AppContext.BaseDirectory}: run the tests from a checkout.");
    }
}
