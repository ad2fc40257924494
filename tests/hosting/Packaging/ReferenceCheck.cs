using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace KoreConnections.Tests.Packaging;

/// <summary>Finds references of assemblies that a set of other assemblies does not answer.</summary>
internal sealed class ReferenceCheck : IDisposable
{
    private readonly Dictionary<string, Module> _known = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="folders">Where assemblies are looked up; an earlier folder wins.</param>
    public ReferenceCheck(params string[] folders)
    {
        foreach (string file in folders.SelectMany(f => Directory.GetFiles(f, "*.dll")))
        {
            var module = new Module(file);
            if (!module.IsManaged || !_known.TryAdd(module.Name, module))
            {
                module.Dispose();
            }
        }
    }

    /// <summary>The references of an assembly that nothing answers: assemblies, types, members by name.</summary>
    public IReadOnlyList<string> Missing(string file)
    {
        using var module = new Module(file);
        MetadataReader reader = module.Reader;
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (AssemblyReferenceHandle handle in reader.AssemblyReferences)
        {
            string name = reader.GetString(reader.GetAssemblyReference(handle).Name);
            if (!_known.ContainsKey(name))
            {
                missing.Add($"{module.Name}: assembly {name}");
            }
        }

        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (Scope(reader, handle) is string scope && _known.ContainsKey(scope) && Find(scope, FullName(reader, handle)) is null)
            {
                missing.Add($"{module.Name}: type {FullName(reader, handle)} of {scope}");
            }
        }

        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            if (member.Parent.Kind == HandleKind.TypeReference
                && Scope(reader, (TypeReferenceHandle)member.Parent) is string scope
                && Find(scope, FullName(reader, (TypeReferenceHandle)member.Parent)) is (Module owner, TypeDefinitionHandle type)
                && !owner.HasMember(type, reader.GetString(member.Name)))
            {
                missing.Add($"{module.Name}: member {FullName(reader, (TypeReferenceHandle)member.Parent)}.{reader.GetString(member.Name)}");
            }
        }

        return [.. missing];
    }

    public void Dispose()
    {
        foreach (Module module in _known.Values)
        {
            module.Dispose();
        }
    }

    private (Module Owner, TypeDefinitionHandle Type)? Find(string assembly, string type)
    {
        while (_known.TryGetValue(assembly, out Module? module))
        {
            if (module.Types.TryGetValue(type, out TypeDefinitionHandle found))
            {
                return (module, found);
            }

            // A nested type goes where its outermost type goes.
            if (!module.Forwards.TryGetValue(type.Split('+')[0], out string? next))
            {
                return null;
            }

            assembly = next;
        }

        return null;
    }

    private static string? Scope(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind switch
        {
            HandleKind.AssemblyReference => reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name),
            HandleKind.TypeReference => Scope(reader, (TypeReferenceHandle)type.ResolutionScope),
            _ => null,
        };
    }

    private static string FullName(MetadataReader reader, TypeReferenceHandle handle)
    {
        TypeReference type = reader.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{FullName(reader, (TypeReferenceHandle)type.ResolutionScope)}+{reader.GetString(type.Name)}"
            : Join(reader, type.Namespace, type.Name);
    }

    private static string Join(MetadataReader reader, StringHandle space, StringHandle name) =>
        space.IsNil || reader.GetString(space).Length == 0 ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";

    private sealed class Module : IDisposable
    {
        private readonly PEReader _file;

        public Module(string path)
        {
            _file = new PEReader(new MemoryStream(File.ReadAllBytes(path)));
            IsManaged = _file.HasMetadata;
            Name = Path.GetFileNameWithoutExtension(path);
            if (!IsManaged)
            {
                return;
            }

            Reader = _file.GetMetadataReader();
            foreach (TypeDefinitionHandle handle in Reader.TypeDefinitions)
            {
                Types[FullName(handle)] = handle;
            }

            foreach (ExportedTypeHandle handle in Reader.ExportedTypes)
            {
                ExportedType type = Reader.GetExportedType(handle);
                if (type.Implementation.Kind == HandleKind.AssemblyReference)
                {
                    Forwards[Join(Reader, type.Namespace, type.Name)] = Reader.GetString(Reader.GetAssemblyReference((AssemblyReferenceHandle)type.Implementation).Name);
                }
            }
        }

        public string Name { get; }

        public bool IsManaged { get; }

        public MetadataReader Reader { get; } = null!;

        public Dictionary<string, TypeDefinitionHandle> Types { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, string> Forwards { get; } = new(StringComparer.Ordinal);

        /// <summary>Members by name; inherited ones are the business of the type that defines them.</summary>
        public bool HasMember(TypeDefinitionHandle handle, string name)
        {
            TypeDefinition type = Reader.GetTypeDefinition(handle);
            return type.GetMethods().Any(m => Reader.StringComparer.Equals(Reader.GetMethodDefinition(m).Name, name))
                || type.GetFields().Any(f => Reader.StringComparer.Equals(Reader.GetFieldDefinition(f).Name, name))
                || !type.BaseType.IsNil && !IsObject(type.BaseType);
        }

        public void Dispose() => _file.Dispose();

        // A member that is not on the type itself may be on a base type elsewhere, which this check does not follow.
        private bool IsObject(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => Reader.StringComparer.Equals(Reader.GetTypeReference((TypeReferenceHandle)handle).Name, "Object"),
            HandleKind.TypeDefinition => Reader.StringComparer.Equals(Reader.GetTypeDefinition((TypeDefinitionHandle)handle).Name, "Object"),
            _ => false,
        };

        private string FullName(TypeDefinitionHandle handle)
        {
            TypeDefinition type = Reader.GetTypeDefinition(handle);
            return type.GetDeclaringType() is { IsNil: false } outer
                ? $"{FullName(outer)}+{Reader.GetString(type.Name)}"
                : Join(Reader, type.Namespace, type.Name);
        }
    }
}
