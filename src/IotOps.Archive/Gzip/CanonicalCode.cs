namespace IotOps.Archive.Gzip;

/// <summary>A code of given lengths, read bit by bit: for what the tables leave out. RFC 1951, section 3.2.2.</summary>
internal sealed class CanonicalCode(int symbols)
{
    private const int Longest = 15;

    private readonly ushort[] _symbols = new ushort[symbols];
    private readonly int[] _counts = new int[Longest + 1];

    /// <summary>Takes the lengths, and refuses those that make no code, as zlib does.</summary>
    /// <param name="lengths">By symbol; 0 for one that does not occur.</param>
    /// <param name="mayBeIncomplete">A single code of one bit, or none at all, is allowed.</param>
    public void Assign(ReadOnlySpan<byte> lengths, bool mayBeIncomplete)
    {
        Array.Clear(_counts);
        foreach (byte length in lengths)
        {
            _counts[length]++;
        }

        _counts[0] = 0;
        int left = 1;
        int longest = 0;
        Span<int> next = stackalloc int[Longest + 1];
        for (int length = 1; length <= Longest; length++)
        {
            left = (left << 1) - _counts[length];
            if (left < 0)
            {
                throw new InvalidDataException("Its deflate data holds a Huffman code with more codes than there can be.");
            }

            longest = _counts[length] > 0 ? length : longest;
            next[length] = next[length - 1] + _counts[length - 1];
        }

        if (left > 0 && !(mayBeIncomplete && longest <= 1))
        {
            throw new InvalidDataException("Its deflate data holds a Huffman code with codes missing.");
        }

        for (int symbol = 0; symbol < lengths.Length; symbol++)
        {
            if (lengths[symbol] > 0)
            {
                _symbols[next[lengths[symbol]]++] = (ushort)symbol;
            }
        }
    }

    /// <summary>The symbol that the lowest bits begin with, and how many they are.</summary>
    public int Read(ulong bits, out int count)
    {
        int code = 0, first = 0, index = 0;
        for (count = 1; count <= Longest; count++)
        {
            code |= (int)(bits & 1);
            bits >>= 1;
            int ofLength = _counts[count];
            if (code - first < ofLength)
            {
                return _symbols[index + code - first];
            }

            index += ofLength;
            first = (first + ofLength) << 1;
            code <<= 1;
        }

        throw new InvalidDataException("Its deflate data holds bits that are no code.");
    }
}
