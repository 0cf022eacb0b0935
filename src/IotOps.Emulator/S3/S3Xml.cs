using System.Xml;
using System.Xml.Linq;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.S3;

/// <summary>Reads XML bodies, which are checked like any other body.</summary>
internal static class S3Xml
{
    // A thousand keys of 1,024 bytes, escaped; or 10,000 parts with their checksums.
    private const int MaxBytes = 8 << 20;

    private static readonly BlobStore Memory = new(directory: null);

    /// <summary>Reads a document with this root.</summary>
    /// <param name="call">The request.</param>
    /// <param name="root">Local name of the root element.</param>
    /// <param name="announced">The body's checksum; null when checksums in the headers are of something else, or there is none.</param>
    public static async Task<XElement> ReadAsync(S3Call call, string root, AnnouncedChecksum? announced = null)
    {
        if (call.Request.ContentLength > MaxBytes || (long.TryParse(call.Header("x-amz-decoded-content-length"), out long decoded) && decoded > MaxBytes))
        {
            throw S3Errors.MalformedXml();
        }

        ReceivedBody body = await ReceivedBody.ReadAsync(call, Memory, announced).ConfigureAwait(false);
        using var stream = new MemoryStream();
        await body.Blob.CopyToAsync(stream, 0, body.Blob.Length, call.Aborted).ConfigureAwait(false);
        stream.Position = 0;
        try
        {
            using var reader = XmlReader.Create(stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false });
            XElement element = XElement.Load(reader, LoadOptions.PreserveWhitespace);
            return element.Name.LocalName == root ? element : throw S3Errors.MalformedXml();
        }
        catch (XmlException)
        {
            throw S3Errors.MalformedXml();
        }
    }

    /// <summary>Sees to it that an element has no children but these, in any order.</summary>
    /// <param name="element">The element.</param>
    /// <param name="honoured">What the emulator does.</param>
    /// <param name="notEmulated">What S3 has besides; refused by its name.</param>
    /// <exception cref="Refusal">501 for what S3 has and the emulator does not; malformed for what S3 does not have either.</exception>
    public static void RefuseAllBut(XElement element, ReadOnlySpan<string> honoured, ReadOnlySpan<string> notEmulated)
    {
        foreach (XElement child in element.Elements())
        {
            string name = child.Name.LocalName;
            if (notEmulated.Contains(name))
            {
                throw new Refusal(501, "NotImplemented", $"The emulator does not do {name} in {element.Name.LocalName}.") { Details = [new("Element", name)] };
            }

            if (!honoured.Contains(name) || child.Name.Namespace != element.Name.Namespace)
            {
                throw S3Errors.MalformedXml();
            }
        }
    }
}
