using Microsoft.AspNetCore.Http.Extensions;

namespace IotOps.Samples.FleetConsole.Pages;

/// <summary>Makes addresses of views.</summary>
internal static class Address
{
    /// <summary>A path with those parameters that have a value.</summary>
    public static string Of(string path, params IEnumerable<KeyValuePair<string, string?>> parameters)
    {
        var query = new QueryBuilder();
        foreach ((string name, string? value) in parameters)
        {
            if (!string.IsNullOrEmpty(value))
            {
                query.Add(name, value);
            }
        }

        return path + query;
    }
}
