using System.Data.Common;

namespace IotOps.Samples.FleetConsole.Store.Sql;

/// <summary>
/// Numbers for texts that come again and again, so that rows are short. Several processes may add to one table. Used in transactions:
/// <see cref="Forget"/> after one that failed.
/// </summary>
/// <param name="table">A table with <c>id</c> and <c>name</c>.</param>
internal sealed class NameTable(string table)
{
    private const int MostCached = 50_000;

    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);

    /// <summary>Sees to it that names have numbers. In the order of their bytes, so that two transactions that add the same names do not wait for each other.</summary>
    public void Prepare(DbConnection connection, IEnumerable<string?> names)
    {
        if (_ids.Count > MostCached)
        {
            _ids.Clear();
        }

        SortedSet<string> missing = new(StringComparer.Ordinal);
        foreach (string? name in names)
        {
            if (name is not null && !_ids.ContainsKey(name))
            {
                missing.Add(name);
            }
        }

        foreach (string name in missing)
        {
            connection.Run($"INSERT INTO {table} (name) VALUES (@name) ON CONFLICT DO NOTHING", ("name", name));
            _ids[name] = connection.One($"SELECT id FROM {table} WHERE name = @name", reader => reader.GetInt64(0), ("name", name));
        }
    }

    /// <summary>The number of a name that was prepared; 0 for none.</summary>
    public long Id(string? name) => name is null ? 0 : _ids[name];

    public void Forget() => _ids.Clear();
}
