namespace IotOps.Fuzz;

/// <summary>Something that reads strangers' bytes, and what it promises over any of them.</summary>
internal interface IFuzzTarget
{
    /// <summary>On the command line, and of its file in corpus/.</summary>
    string Name { get; }

    /// <summary>Good input to begin with.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>What its input is made of: keywords, limits, delimiters.</summary>
    IEnumerable<byte[]> Words { get; }

    /// <summary>
    /// Reads one input. Any exception is a find: the errors that the reader announces are caught here, and a broken promise is a
    /// <see cref="BrokenPromiseException"/>.
    /// </summary>
    /// <returns>What kind of way the input took. Input that takes a new one is kept and mutated further.</returns>
    ulong Run(byte[] input);
}
