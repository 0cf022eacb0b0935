using System.Xml.Linq;

namespace IotOps.Emulator.Tests;

/// <summary>What S3 answered.</summary>
internal sealed record S3Reply(int Status, string? Code, XElement? Xml, byte[] Body, string? ETag, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The words of an error.</summary>
    public string? Message => (string?)Xml?.Element("Message");

    /// <summary>The text of the first element of that name, in whatever namespace; null when there is none.</summary>
    public string? Text(string element) => Xml?.Descendants().FirstOrDefault(e => e.Name.LocalName == element)?.Value;

    /// <summary>The texts of all elements of that name.</summary>
    public string[] Texts(string element) => [.. Xml!.Descendants().Where(e => e.Name.LocalName == element).Select(e => e.Value)];

    public string? Header(string name) => Headers.GetValueOrDefault(name.ToLowerInvariant());
}
