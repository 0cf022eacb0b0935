using System.Numerics;

namespace IotOps.Defender.Wire;

/// <summary>Which elements of a map were read: each may come once, by whichever of its names.</summary>
internal struct SeenFields
{
    private uint _seen;

    /// <summary>The element of these that a name means; null for a name that is none.</summary>
    /// <exception cref="FormatException">It was there before.</exception>
    public Field? Match(ReadOnlySpan<byte> name, scoped in DocumentReader reader, params ReadOnlySpan<Field> candidates)
    {
        // They mostly come in one order: the next one is tried first.
        int next = BitOperations.PopCount(_seen);
        for (int i = 0; i < candidates.Length; i++, next++)
        {
            next = next < candidates.Length ? next : 0;
            Field field = candidates[next];
            if (!name.SequenceEqual(FieldNames.Long(field)) && !name.SequenceEqual(FieldNames.Short(field)))
            {
                continue;
            }

            uint bit = 1u << (int)field;
            if ((_seen & bit) != 0)
            {
                throw reader.Wrong("is there twice");
            }

            _seen |= bit;
            return field;
        }

        return null;
    }
}
