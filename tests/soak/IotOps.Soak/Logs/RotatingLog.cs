using System.Text;

namespace IotOps.Soak.Logs;

/// <summary>A program that writes a log, and the rotator of that log, in one loop: so that nothing readable is lost between the two.</summary>
internal abstract class RotatingLog(string directory, string stream, Ledger ledger, int seed)
{
    private const int Kept = 4;
    private readonly Random _random = new(seed);
    private readonly List<(string Path, int From, int To)> _rotated = [];

    public int Rotations { get; private set; }

    protected string Path { get; } = System.IO.Path.Combine(directory, "app.log");

    protected string Stream => stream;

    protected Ledger Ledger => ledger;

    /// <summary>First number in the current file, and the number behind its last.</summary>
    protected (int From, int To) Current { get; set; }

    /// <summary>Writes and rotates until told to stop. Every line is ended before a rotation.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        FileStream file = Open();
        try
        {
            while (!stop.IsCancellationRequested)
            {
                for (int i = _random.Next(1, 60); i > 0; i--)
                {
                    await WriteLineAsync(file);
                }

                if (_random.Next(12) == 0)
                {
                    file = await RotateAsync(file, stop);
                    Rotations++;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 40)), TimeProvider.System, CancellationToken.None);
            }
        }
        finally
        {
            await file.DisposeAsync();
        }
    }

    /// <summary>Puts the current file away and returns the one to write on.</summary>
    protected abstract Task<FileStream> RotateAsync(FileStream file, CancellationToken stop);

    protected FileStream Open() => new(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Makes room for a new <c>app.log.1</c> as logrotate does: each name moves up. The oldest goes once all of it has arrived.</summary>
    protected string NextRotatedPath()
    {
        if (_rotated.Count > Kept && ledger.HasArrived(stream, _rotated[0].From, _rotated[0].To))
        {
            File.Delete(_rotated[0].Path);
            _rotated.RemoveAt(0);
        }

        for (int i = 0; i < _rotated.Count; i++)
        {
            string path = $"{Path}.{_rotated.Count - i + 1}";
            File.Move(_rotated[i].Path, path);
            _rotated[i] = _rotated[i] with { Path = path };
        }

        _rotated.Add(($"{Path}.1", Current.From, Current.To));
        Current = (Current.To, Current.To);
        return $"{Path}.1";
    }

    private async Task WriteLineAsync(FileStream file)
    {
        int number = ledger.Next(stream);
        byte[] line = Encoding.UTF8.GetBytes(Record.Text(stream, number) + "\n");

        // Now and then a line arrives in two writes, cut anywhere, also inside a character.
        int cut = _random.Next(20) == 0 ? _random.Next(1, line.Length) : line.Length;
        file.Write(line, 0, cut);
        if (cut < line.Length)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(_random.Next(1, 5)), TimeProvider.System, CancellationToken.None);
            file.Write(line, cut, line.Length - cut);
        }

        Current = (Current.From, number + 1);
    }
}
