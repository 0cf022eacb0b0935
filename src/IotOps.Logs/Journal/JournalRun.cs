using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace IotOps.Logs.Journal;

/// <summary>One run of journalctl, from a cursor to the journal's end. A queue of few entries holds it back while nobody takes them.</summary>
internal sealed class JournalRun : IDisposable
{
    private const int Ahead = 256;
    private const int LongestReason = 400;

    private readonly Channel<JournalEntry> _entries = Channel.CreateBounded<JournalEntry>(new BoundedChannelOptions(Ahead) { SingleReader = true, SingleWriter = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _end;
    private volatile bool _ended;

    /// <param name="program">journalctl.</param>
    /// <param name="arguments">What it is asked for.</param>
    /// <param name="longest">Longest message.</param>
    /// <param name="onNews">Called, on any thread, when there is an entry to take or the run has ended.</param>
    public JournalRun(string program, IReadOnlyList<string> arguments, int longest, Action onNews) =>
        _end = Task.Run(() => RunAsync(program, arguments, longest, onNews));

    /// <summary>It has ended, and everything was taken.</summary>
    public bool IsDone => _ended && !_entries.Reader.TryPeek(out _);

    /// <summary>What it complained of when it failed; null when it did not.</summary>
    public string? Failure { get; private set; }

    /// <summary>Looks at the next entry without taking it.</summary>
    public bool TryPeek(out JournalEntry entry) => _entries.Reader.TryPeek(out entry!);

    /// <summary>Takes the entry that was looked at.</summary>
    public void Take() => _entries.Reader.TryRead(out _);

    /// <summary>Ends the process; what was not taken is read again by the next run.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _ = _end.ContinueWith(static (_, stopping) => ((CancellationTokenSource)stopping!).Dispose(), _stopping, TaskScheduler.Default);
    }

    private async Task RunAsync(string program, IReadOnlyList<string> arguments, int longest, Action onNews)
    {
        Failure = await ReadAsync(program, arguments, longest, onNews).ConfigureAwait(false);
        _ended = true;
        onNews();
    }

    private async Task<string?> ReadAsync(string program, IReadOnlyList<string> arguments, int longest, Action onNews)
    {
        try
        {
            var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (string argument in arguments)
            {
                start.ArgumentList.Add(argument);
            }

            using Process process = Process.Start(start)!;
            try
            {
                Task<string> complaint = process.StandardError.ReadToEndAsync(_stopping.Token);
                var reader = new ExportReader(process.StandardOutput.BaseStream, longest);
                while (await reader.ReadAsync(_stopping.Token).ConfigureAwait(false) is { } entry)
                {
                    await _entries.Writer.WriteAsync(entry, _stopping.Token).ConfigureAwait(false);
                    onNews();
                }

                await process.WaitForExitAsync(_stopping.Token).ConfigureAwait(false);
                string reason = (await complaint.ConfigureAwait(false)).Trim();
                return process.ExitCode == 0 ? null : $"{program} ended with {process.ExitCode}: {reason[..Math.Min(reason.Length, LongestReason)]}";
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return $"{program}: {e.Message}";
        }
    }
}
