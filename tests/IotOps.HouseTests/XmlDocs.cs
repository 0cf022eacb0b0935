using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IotOps.HouseTests;

/// <summary>The documentation comments of an assembly, as its package ships them.</summary>
internal sealed partial class XmlDocs(string assembly)
{
    private static readonly ConcurrentDictionary<string, XmlDocs> Read = new(StringComparer.Ordinal);

    private readonly Dictionary<string, XElement> _members = XDocument
        .Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml"))
        .Descendants("member")
        .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>Those of an assembly of ours.</summary>
    public static XmlDocs Of(Assembly assembly) => Read.GetOrAdd(assembly.GetName().Name!, static name => new XmlDocs(name));

    /// <summary>A property's summary as Markdown in one line; empty when it has none.</summary>
    public string Summary(Type type, string property) =>
        _members.TryGetValue($"P:{type.FullName}.{property}", out XElement? member) && member.Element("summary") is { } summary
            ? Space().Replace(string.Concat(summary.Nodes().Select(Markdown)), " ").Trim()
            : "";

    private static string Markdown(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement element when element.Attribute("cref") is { } cref => $"`{cref.Value[(cref.Value.LastIndexOf('.') + 1)..]}`",
        XElement element when element.Attribute("href") is { } link => link.Value,
        XElement element when element.Attribute("langword") is { } word => word.Value,
        XElement element => element.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
