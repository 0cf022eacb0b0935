using System.Reflection;
using System.Xml.Linq;

namespace IotOps.HouseTests;

/// <summary>A package's XML has the docs of its public types, and of no other: its users see those alone.</summary>
public sealed class ShippedDocs
{
    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void Documented_are_the_public_types_and_no_other(string project)
    {
        string[] documented =
        [
            .. XDocument.Load(Path.Combine(AppContext.BaseDirectory, project + ".xml"))
                .Descendants("member")
                .Select(member => member.Attribute("name")!.Value)
                .Where(id => id.StartsWith("T:", StringComparison.Ordinal))
                .Select(id => id[2..]),
        ];
        string[] exported = [.. Assembly.Load(project).GetExportedTypes().Select(type => type.FullName!.Replace('+', '.'))];
        documented.Order(StringComparer.Ordinal).ShouldBe(exported.Order(StringComparer.Ordinal));
    }
}
