using System.Reflection;

namespace IotOps.HouseTests;

/// <summary>
/// The public surface of each package against its approved text in api/. After a change that is meant:
/// <c>UPDATE_API=1 ./test.sh build unit</c>, then read the difference as a user of the package would.
/// </summary>
public sealed class PublicSurface
{
    public static TheoryData<string> Shipped => Arrows.Shipped;

    [Theory]
    [MemberData(nameof(Shipped))]
    public void The_public_surface_is_the_approved_one(string project)
    {
        string actual = SurfacePrinter.Print(Assembly.Load(project));
        string approved = Repository.Path("api", project + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_API") == "1")
        {
            File.WriteAllText(approved, actual);
        }

        File.Exists(approved).ShouldBeTrue($"api/{project}.txt is missing; UPDATE_API=1 writes it.");
        actual.ShouldBe(File.ReadAllText(approved).ReplaceLineEndings("\n"));
    }

    // An app that uses two packages in one file could name neither of two such types without an alias.
    [Fact]
    public void No_two_packages_have_a_public_type_of_the_same_name() => Arrows.Shipped
        .SelectMany(project => Assembly.Load(project.Data).GetExportedTypes())
        .Where(type => !type.IsNested)
        .GroupBy(type => type.Name, StringComparer.Ordinal)
        .Where(name => name.Count() > 1)
        .Select(name => string.Join(" and ", name.Select(type => type.FullName)))
        .ShouldBeEmpty();
}
