using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>Tags of objects, in a header or as XML. See https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html.</summary>
internal static partial class ObjectTags
{
    private const string Header = "x-amz-tagging";
    private const int MaxTags = 10;
    private const int MaxKeyLength = 128;
    private const int MaxValueLength = 256;

    /// <summary>The tags that a new object is given in the header, which is coded like a query.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(S3Call call)
    {
        if (call.Header(Header) is not { } header)
        {
            return [];
        }

        IReadOnlyList<KeyValuePair<string, string>> tags = new QueryParameters(header).All;
        if (tags.DistinctBy(t => t.Key, StringComparer.Ordinal).Count() < tags.Count || tags.Any(t => !Allowed().IsMatch(t.Key) || !Allowed().IsMatch(t.Value)))
        {
            throw S3Errors.InvalidArgument(
                Header, header, "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.");
        }

        return Checked(tags);
    }

    /// <summary>Reads a Tagging document.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(XElement tagging)
    {
        S3Xml.RefuseAllBut(tagging, ["TagSet"], []);
        XElement[] sets = [.. tagging.Elements()];
        if (sets.Length != 1)
        {
            throw S3Errors.MalformedXml();
        }

        S3Xml.RefuseAllBut(sets[0], ["Tag"], []);
        return Checked([.. sets[0].Elements().Select(Tag)]);
    }

    /// <summary>One Tag element, with its key and its value.</summary>
    public static KeyValuePair<string, string> Tag(XElement tag)
    {
        S3Xml.RefuseAllBut(tag, ["Key", "Value"], []);
        XNamespace ns = tag.Name.Namespace;
        return tag.Elements().Count() == 2 && tag.Element(ns + "Key") is { } key && tag.Element(ns + "Value") is { } value
            ? KeyValuePair.Create(key.Value, value.Value)
            : throw S3Errors.MalformedXml();
    }

    public static void Write(XmlWriter xml, IEnumerable<KeyValuePair<string, string>> tags)
    {
        xml.WriteStartElement("TagSet");
        foreach ((string key, string value) in tags)
        {
            xml.WriteStartElement("Tag");
            xml.WriteElementString("Key", key);
            xml.WriteElementString("Value", value);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Checked(IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        if (tags.Count > MaxTags)
        {
            throw new Refusal(400, "BadRequest", $"Object tags cannot be greater than {MaxTags}");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach ((string key, string value) in tags)
        {
            if (!keys.Add(key))
            {
                throw Invalid("Cannot provide multiple Tags with the same key", key);
            }

            if (key.StartsWith("aws:", StringComparison.Ordinal))
            {
                throw Invalid("Your TagKey cannot be prefixed with aws:", key);
            }

            if (key.Length is 0 or > MaxKeyLength || !Allowed().IsMatch(key))
            {
                throw Invalid("The TagKey you have provided is invalid", key);
            }

            if (value.Length > MaxValueLength || !Allowed().IsMatch(value))
            {
                throw Invalid("The TagValue you have provided is invalid", key, value);
            }
        }

        return tags;
    }

    private static Refusal Invalid(string message, string key, string? value = null) =>
        new(400, "InvalidTag", message) { Details = value is null ? [new("TagKey", key)] : [new("TagKey", key), new("TagValue", value)] };

    // Letters and numbers of any language.
    [GeneratedRegex(@"^[\p{L}\p{M}\p{N}\s_.:/=+\-@]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Allowed();
}
