using System.Diagnostics;
using System.Text;

namespace IotOps.InteropTests.Slack;

/// <summary>The real <c>LogExport</c>, told by file and environment alone, and all that it writes.</summary>
internal sealed class LogExportProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _written = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Standard output and error; only then all is read.
    private const int BothStreams = 2;
    private int _ended;

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

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static async Task<LogExportProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] options)
    {
        LogExportProcess serve = Start(environment, ["serve", "--urls", "http://127.0.0.1:0", .. options]);
        serve.Address = await serve._listening.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System);
        return serve;
    }

    /// <summary>Starts the program.</summary>
    public static LogExportProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        var program = new LogExportProcess(start);
        program._process.Start();
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
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
            if (Interlocked.Increment(ref _ended) == BothStreams)
            {
                _listening.TrySetException(new InvalidOperationException($"LogExport ended before it listened:\n{Written}"));
            }

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
