using System.Diagnostics;
using System.Text;

namespace IotOps.InteropTests.Slack;

/// <summary>The real <c>LogExport serve</c>, told by file and environment alone, and all that it writes.</summary>
internal sealed class LogExportProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _written = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LogExportProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    /// <summary>The program as the build left it, beside this one.</summary>
    public static string Dll => Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "LogExport", new DirectoryInfo(AppContext.BaseDirectory).Name, "LogExport.dll"));

    /// <summary>Where it listens.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>All that it wrote so far.</summary>
    public string Written
    {
        get { lock (_written) { return _written.ToString(); } }
    }

    /// <summary>Its command line, as everybody on the machine can read it.</summary>
    public string CommandLine => File.ReadAllText($"/proc/{_process.Id}/cmdline").Replace('\0', ' ');

    public static async Task<LogExportProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, "serve", "--urls", "http://127.0.0.1:0", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var serve = new LogExportProcess(start);
        serve._process.Start();
        serve._process.BeginOutputReadLine();
        serve._process.BeginErrorReadLine();
        serve.Address = await serve._listening.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return serve;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            _listening.TrySetException(new InvalidOperationException($"LogExport ended before it listened:\n{Written}"));
            return;
        }

        lock (_written)
        {
            _written.Append(line).Append('\n');
        }

        const string Listening = "Listening on ";
        if (line.StartsWith(Listening, StringComparison.Ordinal))
        {
            _listening.TrySetResult(new Uri(line[Listening.Length..]));
        }
    }
}
