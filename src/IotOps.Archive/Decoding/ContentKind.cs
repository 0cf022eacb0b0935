namespace IotOps.Archive.Decoding;

/// <summary>What an object's bytes are.</summary>
internal enum ContentKind
{
    /// <summary>Text, as far as anybody can tell.</summary>
    Plain,
    Gzip,
    Zstd,

    /// <summary>Snappy's framing format.</summary>
    Snappy,

    /// <summary>Blocks as Hadoop's SnappyCodec writes them.</summary>
    HadoopSnappy,

    /// <summary>Blocks as snappy-java's streams write them.</summary>
    JavaSnappy,
    Zip,

    /// <summary>Known, and not read.</summary>
    Foreign,
}
