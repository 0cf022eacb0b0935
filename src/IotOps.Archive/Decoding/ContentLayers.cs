using System.Buffers;
using IotOps.Shared;
using ZstdSharp;

namespace IotOps.Archive.Decoding;

/// <summary>Opens an object down to its text: gzip, gzip in gzip as CloudWatch Logs and Firehose together make it, zstd, Snappy, ZIP.</summary>
internal sealed class ContentLayers(Stream content, string spoolDirectory) : IAsyncDisposable
{
    private const int MostLayers = 3;

    private readonly Stack<Stream> _opened = new();

    /// <summary>The object's text.</summary>
    /// <param name="key">The object's key, where its bytes do not say all.</param>
    /// <param name="gunzip">Opens the outermost gzip.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="UnreadContentException">It is something that is not read.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public async Task<PeekedStream> OpenAsync(string key, Func<Stream, Stream> gunzip, CancellationToken cancellationToken)
    {
        PeekedStream plain = Push(new PeekedStream(content));
        for (int layer = 0; ; layer++)
        {
            ReadOnlyMemory<byte> head = await plain.PeekAsync(ContentMagic.LookedAt, cancellationToken).ConfigureAwait(false);
            ContentKind kind = ContentMagic.Of(head.Span);
            if (kind == ContentKind.Plain)
            {
                // Without a frame Snappy has no mark, and nobody calls text so.
                return layer == 0 && key.EndsWith(".snappy", StringComparison.OrdinalIgnoreCase)
                    ? throw new UnreadContentException("compressed with Snappy without a frame")
                    : plain;
            }

            if (layer == MostLayers)
            {
                throw new UnreadContentException($"compressed more than {MostLayers} times");
            }

            Stream decoded = kind switch
            {
                ContentKind.Gzip => layer == 0 ? gunzip(plain) : Gunzip(plain),
                ContentKind.Zstd => new DecoderStream(new DecompressionStream(plain, leaveOpen: true), "zstd"),
                ContentKind.Snappy => new DecoderStream(new SnappyFrames(plain), "Snappy"),
                ContentKind.HadoopSnappy => new DecoderStream(new SnappyBlocks(plain, isHadoop: true), "Snappy"),
                ContentKind.JavaSnappy => new DecoderStream(new SnappyBlocks(plain, isHadoop: false), "Snappy"),
                ContentKind.Zip => new DecoderStream(await ZipObject.OpenAsync(plain, spoolDirectory, cancellationToken).ConfigureAwait(false), "ZIP"),
                _ => throw new UnreadContentException(ContentMagic.ForeignName(head.Span)!),
            };
            plain = Push(new PeekedStream(Push(decoded)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        while (_opened.TryPop(out Stream? stream))
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static GunzipStream Gunzip(Stream source)
    {
        var plain = new ArrayBufferWriter<byte>();
        return new GunzipStream(source, new Inflater(plain), plain);
    }

    private T Push<T>(T stream)
        where T : Stream
    {
        _opened.Push(stream);
        return stream;
    }
}
