using System.Globalization;

namespace IotOps.Fuzz;

/// <summary>Mutates input for some time. The input of a run, and their order, are its seed's; only when it ends depends on the machine.</summary>
internal sealed class FuzzRun(IFuzzTarget target, int seed, string corpus, string output, TextWriter log)
{
    private const int Longest = 16 << 10;
    private const int MostKept = 4_096;
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private readonly Execution _execution = new(target);
    private readonly List<byte[]> _kept = [];
    private readonly HashSet<ulong> _ways = [];
    private readonly Dictionary<string, string> _finds = new(StringComparer.Ordinal);
    private byte[] _current = [];
    private long _startedAt;

    /// <summary>Finds, by what is wrong.</summary>
    public IReadOnlyDictionary<string, string> Finds => _finds;

    public long Executions { get; private set; }

    public int Ways => _ways.Count;

    /// <summary>Runs until the time is over, or so many executions were done.</summary>
    public void Go(TimeSpan time, long most = long.MaxValue)
    {
        using var watch = TimeProvider.System.CreateTimer(_ => StopIfHanging(), null, Hang, Hang);
        long start = TimeProvider.System.GetTimestamp();
        var random = new Random(seed);
        foreach (byte[] input in (byte[][])[.. target.Seeds, .. Corpus.Read(corpus, target)])
        {
            Try(input);
        }

        var mutator = new Mutator(random, [.. target.Words], Longest);
        while (Executions < most && TimeProvider.System.GetElapsedTime(start) < time)
        {
            byte[] input = _kept.Count == 0 ? [] : _kept[random.Next(_kept.Count)];
            byte[] other = _kept.Count == 0 ? [] : _kept[random.Next(_kept.Count)];
            Try(mutator.Mutate(input, other));
        }
    }

    /// <summary>Puts input that takes ways of its own beside the sources, as far as it is short.</summary>
    public void Save() => Corpus.Add(corpus, target, _kept);

    private void Try(byte[] input)
    {
        Executions++;
        Volatile.Write(ref _current, input);
        Volatile.Write(ref _startedAt, TimeProvider.System.GetTimestamp());
        string? problem = _execution.Run(input, out ulong way);
        Volatile.Write(ref _startedAt, 0);
        if (problem is null)
        {
            if (_ways.Add(way) && _kept.Count < MostKept)
            {
                _kept.Add(input);
            }
        }
        else if (Execution.KindOf(problem) is var kind && !_finds.ContainsKey(kind))
        {
            _finds[kind] = problem;
            string path = Corpus.Write(Path.Combine(output, target.Name), _execution.Minimise(input, kind));
            log.WriteLine(string.Create(CultureInfo.InvariantCulture, $"find after {Executions} executions: {path}\n{problem}"));
        }
    }

    private void StopIfHanging()
    {
        long startedAt = Volatile.Read(ref _startedAt);
        if (startedAt != 0 && TimeProvider.System.GetElapsedTime(startedAt) > Hang)
        {
            string path = Corpus.Write(Path.Combine(output, target.Name), Volatile.Read(ref _current));
            log.WriteLine($"find: no end within {Hang.TotalSeconds} s: {path}");
            Environment.Exit(1);
        }
    }
}
