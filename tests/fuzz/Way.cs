namespace IotOps.Fuzz;

/// <summary>The way an input took through a reader, as far as its answer shows it: kinds, counts by powers of two, and texts without their numbers.</summary>
internal struct Way
{
    private const ulong Prime = 1_099_511_628_211;

    /// <summary>A hash (FNV-1a), the same in every run.</summary>
    public ulong Hash { get; private set; }

    public void Add(ulong value) => Hash = ((Hash == 0 ? 14_695_981_039_346_656_037 : Hash) ^ value) * Prime;

    public void Count(long value) => Add((ulong)(64 - System.Numerics.BitOperations.LeadingZeroCount((ulong)value)));

    public void Text(string text)
    {
        foreach (char c in text)
        {
            // What a message quotes of the input would make every input a new way.
            if (char.IsAsciiLetter(c))
            {
                Add(c);
            }
            else if (c == '\'')
            {
                break;
            }
        }
    }
}
